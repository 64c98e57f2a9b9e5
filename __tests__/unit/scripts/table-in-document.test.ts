import { concludeRun, withTable } from '../../../scripts/table-in-document';

const table = { mark: 'kills', head: ['a', 'b'], rows: [['1', '2']] };

it('a measured table replaces only the text between its marks', () => {
  const text = 'before\n\n<!-- kills -->\n\n| old |\n\n<!-- /kills -->\n\nafter\n';
  expect(withTable(text, table)).toBe(
    'before\n\n<!-- kills -->\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n<!-- /kills -->\n\nafter\n',
  );
});

it('a document without its marks is refused', () => {
  expect(() => withTable('before', table)).toThrow('no place for the table of kills');
});

describe('the end of a run', () => {
  it('writes the table if the run was whole and right', () => {
    const write = jest.fn();
    expect(concludeRun('reliability.md', table, { isWhole: true, isRight: true }, write)).toBe(0);
    expect(write).toHaveBeenCalledWith('reliability.md', table);
  });

  it('keeps the last table if only a part was run', () => {
    const write = jest.fn();
    expect(concludeRun('reliability.md', table, { isWhole: false, isRight: true }, write)).toBe(0);
    expect(write).not.toHaveBeenCalled();
  });

  it('keeps the last table, and fails, if something was wrong', () => {
    const write = jest.fn();
    expect(concludeRun('reliability.md', table, { isWhole: true, isRight: false }, write)).toBe(1);
    expect(write).not.toHaveBeenCalled();
  });
});
