import { UserError } from '../../../errors';
import { DockerPatterns, patternsIn } from '../../../images/docker-patterns';

const ignores = (file: string, path: string) => new DockerPatterns(patternsIn(file)).ignores(path);

describe('a .dockerignore', () => {
  it.each([
    ['**.pem', 'kairos/data/x.pem'],
    ['**.pem', 'x.pem'],
    ['**/*.pem', 'x.pem'],
    ['**/x', 'a/b/x'],
    ['**/x', 'x/below'],
    ['a**', 'abc/d'],
    ['a/**/z', 'a/z'],
    ['a/**/z', 'a/b/c/z'],
    ['/docs/', 'docs/a.md'],
    ['a/../docs', 'docs/a.md'],
    ['*', 'a/b'],
    ['*/x', 'a/x'],
    ['[ab].txt', 'a.txt'],
    ['[^a].txt', 'b.txt'],
    ['a?c', 'aßc'],
    [String.raw`\*.txt`, '*.txt'],
    [' \t#x ', '#x'],
    ['\uFEFFa', 'a'],
    ['a\r', 'a'],
    ['*\n!a\na/b', 'a/b'],
    ['a*|b', 'b'],
    ['[a]{2}', 'aa'],
    ['*{a}', 'x{a}'],
  ])('%j excludes %s', (file, path) => {
    expect(ignores(file, path)).toBe(true);
  });

  it.each([
    ['*.pem', 'a/x.pem'],
    ['a?c', 'a/c'],
    ['A', 'a'],
    ['# a', ' a'],
    ['#a', '#a'],
    ['*\n!a', 'a/b'],
    ['**\n!a/b', 'a/b/c'],
    ['.', 'a'],
    ['a^b', 'a^c'],
  ])('%j keeps %s', (file, path) => {
    expect(ignores(file, path)).toBe(false);
  });

  it.each(['!', '[', '[]', 'a[b', '[a-]', '[z-a]', String.raw`a\[`.slice(0, -1)])(
    'is refused with %j',
    (file) => {
      expect(() => ignores(file, 'a')).toThrow(UserError);
    },
  );

  it('says for an excluded folder whether an exception may include something in it', () => {
    const rules = new DockerPatterns(patternsIn('*\n!docs/keep/*.md\n!kairos'));
    expect(
      ['docs', 'docs/keep', 'kairos', 'kairos/api'].map((path) => rules.mayAdmitBelow(path)),
    ).not.toContain(false);
    expect(['.venv', 'docs/other'].map((path) => rules.mayAdmitBelow(path))).not.toContain(true);
  });
});
