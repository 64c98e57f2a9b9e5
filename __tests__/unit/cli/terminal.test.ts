import { fitted, table } from '../../../cli/terminal';

describe('a text for a terminal', () => {
  it('is unchanged if it fits', () => {
    expect(fitted('one  two\n\n   three', 80)).toBe('one  two\n\n   three');
  });

  it('is continued below its last column', () => {
    expect(fitted('  --list     list the last ten versions\nnext', 30)).toBe(
      '  --list     list the last ten\n             versions\nnext',
    );
  });

  it('is continued at its indentation if it has no columns', () => {
    expect(fitted('  changes nothing at all', 18)).toBe('  changes nothing\n  at all');
  });

  it('is continued at its indentation if its last column is too far to the right', () => {
    expect(fitted('a traceback of python  says much', 24)).toBe('a traceback of python\nsays much');
  });

  it('does not break a command, because it will be typed', () => {
    expect(fitted('held by somebody; type: npx kairos unlock dev 1234', 30)).toBe(
      'held by somebody; type:\nnpx kairos unlock dev 1234',
    );
  });

  it.each([
    '\u001b[36mnpx kairos unlock dev 1234\u001b[39m',
    'eval "$(npx kairos local env)"',
    '\u001b[36meval "$(npx kairos local env)"\u001b[39m',
  ])('does not break %j, with colours or a subshell', (typed) => {
    expect(fitted(`the words before it: ${typed} continues`, 32)).toBe(
      `the words before it:\n${typed}\ncontinues`,
    );
  });

  it.each(['; it waits', ', which waits', ') and waits'])('ends a command at %j', (rest) => {
    expect(fitted(`npx kairos status dev${rest}`, 24)).toBe(
      `npx kairos status dev${rest.replace(' ', '\n')}`,
    );
  });

  it('does not break a word that is wider than the terminal', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(fitted(`the image ${digest} is gone`, 40)).toBe(`the image\n${digest}\nis gone`);
  });

  it('does not count escape codes', () => {
    const coloured = `\u001b[32m${'x'.repeat(10)}\u001b[39m is live`;
    expect(fitted(coloured, 18)).toBe(coloured);
  });

  it('is unchanged without a terminal', () => {
    expect(fitted('x '.repeat(100), undefined)).toBe('x '.repeat(100));
  });
});

describe('a table', () => {
  const head = ['tag', 'findings'];
  const row = ['src-1', '2 critical, 12 high, 30 medium'];

  it('is as wide as its text without a terminal', async () => {
    const lines = (await table(head, [row], undefined)).split('\n');
    expect(lines).toContain('│ src-1 │ 2 critical, 12 high, 30 medium │');
  });

  it('wraps its widest column in a narrow terminal, and loses nothing', async () => {
    const text = await table(head, [row], 30);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(30);
    const cells = text.split('\n').map((line) => line.split('│')[2]?.trim() ?? '');
    expect(cells.filter((cell) => cell !== '').join(' ')).toBe(`findings ${row[1]}`);
  });

  it('does not cut a word that is wider than its column', async () => {
    const digest = 'a'.repeat(40);
    const text = await table(head, [['src-1', digest]], 30);
    expect(text.replace(/[^a]/g, '').length).toBeGreaterThanOrEqual(digest.length);
    expect(text).not.toContain('…');
  });

  it('does not count escape codes', async () => {
    const coloured = `\u001b[32m${'x'.repeat(10)}\u001b[39m`;
    const text = await table(head, [['src-1', coloured]], 24);
    expect(text).toContain(`│ ${coloured} │`);
  });
});
