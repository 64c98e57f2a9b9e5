import { readDotenv } from '../../../cli/secrets/dotenv';

const names = ['SECRET_KEY', 'MONGO_PASSWORD', 'MONGO_HOST', 'RESEND_API_KEY'] as const;
const read = (text: string) => Object.fromEntries(readDotenv(text, names, '.env'));

describe('a dotenv file', () => {
  it('keeps a "#" inside an unquoted value', () => {
    expect(read('MONGO_PASSWORD=p@ss#word\nRESEND_API_KEY=re_abc#123\n')).toEqual({
      MONGO_PASSWORD: 'p@ss#word',
      RESEND_API_KEY: 're_abc#123',
    });
  });

  it.each([
    ['MONGO_PASSWORD=abc # a comment', 'abc'],
    ['MONGO_PASSWORD = abc ', 'abc'],
    ['export MONGO_PASSWORD=abc', 'abc'],
    ["'MONGO_PASSWORD'=abc", 'abc'],
    ["MONGO_PASSWORD='a #b'  # a comment", 'a #b'],
    ['MONGO_PASSWORD="a\'b"', "a'b"],
    ["MONGO_PASSWORD=a'b", "a'b"],
    ['MONGO_PASSWORD=a\\nb', 'a\\nb'],
    ['MONGO_PASSWORD=', ''],
    ['# MONGO_PASSWORD=old\r\nMONGO_PASSWORD=abc\r\n', 'abc'],
    ['not a line\nMONGO_PASSWORD=abc', 'abc'],
    ['MONGO_PASSWORD_OLD="x\ny"\nMONGO_PASSWORD=abc', 'abc'],
  ])('%j gives the value that the backend reads', (text, value) => {
    expect(read(text)).toEqual({ MONGO_PASSWORD: value });
  });

  it.each([
    ['MONGO_PASSWORD="abc', 'line 1: MONGO_PASSWORD has no "=", a quote that is not closed'],
    ["MONGO_PASSWORD='a'b", 'something behind it; write MONGO_PASSWORD='],
    ['MONGO_PASSWORD: abc', 'MONGO_PASSWORD has no "="'],
    ['MONGO_PASSWORD', 'MONGO_PASSWORD has no "="'],
    ['MONGO_PASSWORD="a\\nb"', 'backslash'],
    ['MONGO_PASSWORD=a${HOME}b', 'names a variable'],
    ['MONGO_PASSWORD= #abc', 'begins with "#"'],
    ['\n\nmongo_password=abc', 'line 3: the backend reads mongo_password as MONGO_PASSWORD'],
    ['MONGO_PASSWORD=a\nMONGO_PASSWORD=b', 'line 2: MONGO_PASSWORD is in line 1 already'],
    ['NOTE="it\nMONGO_PASSWORD=abc\n"', 'line 1: a quote opens in the value of NOTE'],
    ['\ufeffMONGO_PASSWORD=abc', 'U+FEFF'],
    ['MONGO_PASSWORD=ab\u2028c', 'U+2028'],
    [
      '<<<<<<< HEAD\nMONGO_PASSWORD=a\n=======\n>>>>>>> other',
      'line 1: there is an unresolved merge conflict',
    ],
  ])('%j is refused, and the variable is named', (text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });

  it('lists every wrong line, without values', () => {
    const text = 'SECRET_KEY="s3cr3t\nMONGO_HOST=ok\nMONGO_PASSWORD=${s3cr3t}';
    expect(() => read(text)).toThrow(/line 1: SECRET_KEY [^]*line 3: MONGO_PASSWORD /);
    expect(() => read(text)).not.toThrow('s3cr3t');
  });
});
