import { join, resolve } from 'node:path';
import { run } from '../cli/process';
import { print, table, tell } from '../cli/terminal';
import { writeTable } from '../scripts/table-in-document';
import { comparisonsSchema, head, rowOf } from './comparison';

/** Runs all benchmarks one after the other, and writes the results into docs/performance.md. */
const benchmarks: readonly (readonly string[])[] = [
  ['python.ts', 'lifespan'],
  ['python.ts', 'cold'],
  ['python.ts', 'loader'],
  ['synth.ts'],
  ['aws-cdk.ts'],
  ['growth.ts'],
  ['cli.ts'],
  ['plan.ts'],
];

async function main(chosen: readonly (readonly string[])[]): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const [file = '', ...args] of chosen) {
    tell([file, ...args].join(' '));
    const command = ['-r', './bin/typescript', join(__dirname, file), ...args, '--json'];
    const { stdout, output } = await run(process.execPath, command, {
      cwd: resolve(__dirname, '..'),
      shell: process.env,
    });
    const line = stdout.split('\n').find((text) => text.startsWith('['));
    // A benchmark that misses its goal exits with 1, but its result is valid.
    if (line === undefined) throw new Error(output);
    rows.push(...comparisonsSchema.parse(JSON.parse(line)).map(rowOf));
  }
  print(await table(head, rows));
  if (chosen.length === benchmarks.length) writeTable('performance.md', { mark: 'bench', head, rows });
}

const asked = process.argv.slice(2);
main(
  asked.length === 0
    ? benchmarks
    : benchmarks.filter((benchmark) => asked.some((word) => benchmark.join(' ').includes(word))),
).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
