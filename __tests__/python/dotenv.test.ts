import * as fc from 'fast-check';
import { z } from 'zod';
import { readDotenv } from '../../cli/secrets/dotenv';
import { ensureEmulatorPython } from '../../scripts/emulator-python';
import { run } from '../../cli/process';
import { secretNames } from '../../config/names';
import { UserError } from '../../errors';

/** Reads dotenv files with pydantic-settings, in a shell that has none of their variables. */
const oracle = `
import io, json, sys
from dotenv import dotenv_values
print(json.dumps([dotenv_values(stream=io.StringIO(text, newline=None)) for text in json.load(sys.stdin)]))
`;

const readingsSchema = z.array(z.record(z.string(), z.string().nullable()));

let python = '';
beforeAll(async () => {
  python = await ensureEmulatorPython();
});

async function pythonReads(texts: readonly string[]) {
  const shell = { PATH: process.env.PATH, PYTHONWARNINGS: 'ignore', PYTHONUTF8: '1' };
  const { code, stdout, output } = await run(python, ['-c', oracle], { shell, input: JSON.stringify(texts) });
  if (code !== 0) throw new Error(output);
  return readingsSchema.parse(JSON.parse(stdout));
}

/** @returns the variables; undefined if the file is refused. */
function weRead(text: string): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(readDotenv(text, secretNames, '.env'));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const piece = fc.constantFrom(
  ...[
    'a',
    'p@ss',
    '#',
    ' #',
    "'",
    '"',
    '\\',
    '\\n',
    '$',
    '${A}',
    '=',
    ' ',
    '\t',
    '%',
    'é',
    '😀',
    '`',
    '!',
    '\u00a0',
  ],
);
const value = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const name = fc.constantFrom(...secretNames, 'OTHER', 'secret_key', 'MONGO_HOST_OLD');
const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(name, value).map(([key, text]) => `${key}=${text}`) },
  { weight: 3, arbitrary: fc.tuple(name, value).map(([key, text]) => `export ${key} = "${text}"`) },
  { weight: 3, arbitrary: fc.tuple(name, value).map(([key, text]) => `'${key}'='${text}' # ${text}`) },
  fc.tuple(name, value).map(([key, text]) => `# ${key}=${text}`),
  name.map((key) => key),
  value,
);
const end = fc.constantFrom('\n', '\r\n', '\n\n', '\r');
const file = fc
  .array(fc.tuple(line, end), { minLength: 1, maxLength: 5 })
  .map((lines) => lines.map(([text, ending]) => text + ending).join(''));

describe('the variables of a dotenv file', () => {
  it('are those that the backend reads, or the file is refused', async () => {
    const files = fc.sample(file, 3000);
    const theirs = await pythonReads(files);
    let read = 0;
    for (const [index, text] of files.entries()) {
      const ours = weRead(text);
      if (ours === undefined) continue;
      read += Object.keys(ours).length;
      const expected = Object.entries(theirs[index] ?? {}).filter(([key]) =>
        secretNames.some((known) => known === key),
      );
      expect({ text, values: ours }).toEqual({ text, values: Object.fromEntries(expected) });
    }
    expect(read).toBeGreaterThan(500);
  });

  it('can have any value that is quoted as the error says, except one with a quote, a backslash or a variable', async () => {
    const values = fc.sample(
      fc
        .string({ unit: 'grapheme', maxLength: 40 })
        .filter((text) => !/['\\\p{Cc}\u2028\u2029\ufeff]|\$\{/u.test(text)),
      500,
    );
    const files = values.map((text) => `MONGO_PASSWORD='${text}'\n`);
    const theirs = await pythonReads(files);
    expect(theirs).toEqual(values.map((text) => ({ MONGO_PASSWORD: text })));
    expect(files.map(weRead)).toEqual(theirs);
  });
});
