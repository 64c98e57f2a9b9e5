import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, report } from './comparison';
import { copyApplication } from './rewritten-copy';
import { mediansInTurn, secondsOf } from './times';

/** The duration of a synth with more environments than the table has. */
const counts = [1, 10, 100] as const;
const rounds = 3;

async function main(): Promise<void> {
  const room = mkdtempSync(join(tmpdir(), 'kairos-bench-'));
  try {
    for (const count of counts) copyApplication(join(room, String(count)), withEnvironments(count));
    const [one = Number.NaN, ...more] = mediansInTurn(
      rounds,
      counts.map((count) => () => synth(join(room, String(count)))),
    );
    const comparisons = more.map((seconds, index): Comparison => {
      const count = counts[index + 1] ?? Number.NaN;
      return {
        what: `synth of ${count} environments like dev`,
        ours: `${seconds.toFixed(2)} s`,
        against: 'one environment',
        theirs: `${one.toFixed(2)} s`,
        ratio: seconds / one,
      };
    });
    await report(comparisons);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** @returns the changed files for a table with so many environments, each like dev but with its own database. */
function withEnvironments(count: number): (text: string, path: string) => string {
  const names = Array.from({ length: count }, (_, index) => `dev${index + 1}`);
  const each = (value: string) => names.map((name) => `${name}: ${value}`).join(', ');
  const own = names.map(
    (name) => `${name}: { ...dev, database: { ...dev.database, name: 'kairos_${name}' } }`,
  );
  const schemas = ['dev', 'staging', 'prod'].map((name) => `${name}: environmentSchema,`).join('\n    ');
  const changes: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    [join('config', 'names.ts')]: [["['dev', 'staging', 'prod']", JSON.stringify(names)]],
    [join('config', 'environments.ts')]: [
      ['{ dev, staging, prod }', `{ ${own.join(', ')} }`],
      ['region: ', 'accountConcurrency: 10_000,\n  region: '],
    ],
    [join('config', 'schema.ts')]: [[schemas, `${each('environmentSchema')},`]],
  };
  return (text, path) => (changes[path] ?? []).reduce(replaced, text);
}

function replaced(text: string, [what, by]: readonly [string, string]): string {
  if (!text.includes(what)) throw new Error(`${what} was not found`);
  return text.replace(what, by);
}

function synth(cwd: string): number {
  return secondsOf({
    args: ['-r', './bin/typescript', 'main.ts'],
    cwd,
    variables: { CDKTF_OUTDIR: join(cwd, 'cdktf.out'), KAIROS_BACKEND_PATH: join(cwd, 'none') },
  });
}

void main();
