import { withTable } from '../../../scripts/table-in-document';

const table = { mark: 'kills', head: ['a', 'b'], rows: [['1', '2']] };

it('a measured table replaces the one between its marks, and nothing else', () => {
  const text = 'before\n\n<!-- kills -->\n\n| old |\n\n<!-- /kills -->\n\nafter\n';
  expect(withTable(text, table)).toBe(
    'before\n\n<!-- kills -->\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n<!-- /kills -->\n\nafter\n',
  );
});

it('a document without its marks is refused', () => {
  expect(() => withTable('before', table)).toThrow('no place for the table of kills');
});
