import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';

const root = resolve(__dirname, '..', '..');
const runs = 200;
const atOnce = 4;

/** One run of the command with a mistake. */
interface Slip {
  readonly args: readonly string[];
  readonly shell: Readonly<Record<string, string>>;
  /** The content of the dotenv file. @default - there is no file */
  readonly dotenv?: Uint8Array;
  /** The content of the local cloud's record. */
  readonly record?: string;
  readonly input: string;
}

const junk = fc.oneof(
  fc.constantFrom(
    '',
    'prd',
    'Dev',
    'production',
    '--',
    '-x',
    '--nope',
    '../..',
    'dev prod',
    'ünïcode',
    '0',
    '*',
  ),
  fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0')),
);

/** Commands that are wrong, or that fail because nothing can be reached. */
const args = fc.oneof(
  fc.array(junk, { maxLength: 3 }),
  fc.tuple(fc.constantFrom('local', 'secrets', 'image', 'bootstrap', 'release', 'smoke', 'complete'), junk),
  junk.map((text) => ['local', 'up', text]),
  junk.map((text) => ['logs', text]),
  fc.constantFrom(['local', 'up'], ['local', 'env'], ['local', 'status', '--json'], ['logs', 'prod']),
  fc.constantFrom(
    ['bootstrap'],
    ['image', 'push'],
    ['secrets', 'check', 'dev'],
    ['smoke', 'dev'],
    ['release', 'dev'],
  ),
  junk.map((text) => ['release', 'dev', '--digest', text]),
  junk.map((text) => ['secrets', 'set', 'dev', text]),
  fc.constantFrom(['secrets', 'set', 'dev', '--from', 'FILE'], ['secrets', 'set', 'dev', 'SECRET_KEY']),
  fc.constantFrom(
    ['secrets', 'set', 'dev', '--from', 'FILE', '--raw', '--encoded'],
    ['secrets', 'set', 'prd'],
  ),
);

const oneOf = (...values: readonly string[]) => fc.constantFrom(...values);

const variables = fc.record(
  {
    KAIROS_LOCAL_PORT: oneOf('80x', '-1', '70000', ' '),
    KAIROS_BACKEND_PATH: oneOf('/nonexistent', '/dev/null', '/'),
    KAIROS_IMAGE_DIGEST: oneOf('abc', 'sha256:12'),
    KAIROS_AWS_ACCOUNT_ID: oneOf('12', 'x'),
    KAIROS_AWS_REGION: oneOf('nowhere', 'cn-north-1', ' '),
    KAIROS_CONNECT_TO: oneOf('zz', 'a=b'),
    KAIROS_PYTHON: oneOf('/nonexistent', '/bin/false'),
    XDG_CACHE_HOME: oneOf('/dev/null', '/proc/nothing'),
    KAIROS_LOCAL_HOME: oneOf('/dev/null/home', '/proc/nothing'),
    AWS_PROFILE: oneOf('nope', ''),
    AWS_ENDPOINT_URL: oneOf('notaurl', 'http://127.0.0.1:4', 'https://127.0.0.1:4'),
    AWS_ENDPOINT_URL_SSM: oneOf('notaurl', ''),
    AWS_REGION: oneOf('', 'x y'),
    AWS_MAX_ATTEMPTS: oneOf('abc', '0'),
    AWS_USE_FIPS_ENDPOINT: oneOf('maybe', 'true'),
    AWS_USE_DUALSTACK_ENDPOINT: oneOf('maybe', 'true'),
    TERM: oneOf('dumb', ''),
    TF_CLI_ARGS: oneOf('-nonsense', '-state=x'),
  },
  { requiredKeys: [] },
);

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .constantFrom('SECRET_KEY="x', 'MONGO_PASSWORD=100%25', '=', 'SECRET_KEY', '')
    .map((text) => Buffer.from(text)),
);

const slips: fc.Arbitrary<Slip> = fc.record(
  {
    args,
    shell: variables,
    dotenv: bytes,
    record: oneOf('', '{', '{"pid":1', 'null', '[]', '{"pid":"x","port":1}'),
    input: oneOf('', 'SECRET_KEY=x', 'a\nb\n', '\u0000'),
  },
  { requiredKeys: ['args', 'shell', 'input'] },
);

interface Outcome {
  readonly code: number;
  readonly output: string;
  /** The content of the folders that the run could write to, before and after. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

async function tried({ args: given, shell, dotenv, record, input }: Slip): Promise<Outcome> {
  const room = mkdtempSync(join(tmpdir(), 'kairos-slip-'));
  const file = join(room, '.env');
  mkdirSync(join(room, 'local'));
  if (dotenv !== undefined) writeFileSync(file, dotenv);
  if (record !== undefined) writeFileSync(join(room, 'local', 'cloud.json'), record);
  const env = {
    PATH: process.env.PATH,
    HOME: room,
    KAIROS_LOCAL_HOME: join(room, 'local'),
    // Nothing can be reached or started.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    TERRAFORM_BINARY_NAME: '/nonexistent/terraform',
    CI: '1',
    ...shell,
  };
  const command = [
    join(root, 'bin', 'kairos.js'),
    ...given.map((argument) => (argument === 'FILE' ? file : argument)),
  ];
  const before = contents(room);
  try {
    const result = await new Promise<{ code: number; output: string }>((done) => {
      const child = execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
      });
      child.stdin?.on('error', () => undefined); // A command that fails early does not read its input.
      child.stdin?.end(input);
    });
    return { ...result, before, after: contents(room) };
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

function contents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return statSync(path).isFile() ? `${name}: ${readFileSync(path, 'base64')}` : name;
    });
}

it('reports every mistake without a stack trace, and writes nothing', async () => {
  const given = fc.sample(slips, runs);
  const queue = [...given.entries()];
  let refused = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [, slip] = next;
        const { code, output, before, after } = await tried(slip);
        const seen = { slip: JSON.stringify({ ...slip, dotenv: String(slip.dotenv) }), output };
        expect({ ...seen, trace: /^\s+at .+:\d+/m.test(output) || /\bnode:internal\b/.test(output) }).toEqual(
          {
            ...seen,
            trace: false,
          },
        );
        expect({ ...seen, code: [0, 1].includes(code) ? 'documented' : code }).toEqual({
          ...seen,
          code: 'documented',
        });
        expect({ ...seen, after }).toEqual({ ...seen, after: before });
        // The library's own message about a wrong argument.
        if (output.startsWith('error: ') && /--help lists what there is|did you mean/.test(output)) {
          expect({ ...seen, lines: output.trimEnd().split('\n').length }).toEqual({ ...seen, lines: 1 });
        }
        if (code === 1) {
          refused += 1;
          expect({ ...seen, says: output.trim() !== '' }).toEqual({ ...seen, says: true });
        }
      }
    }),
  );
  expect(refused).toBeGreaterThan(runs / 2);
}, 1_200_000);
