import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Comparison, report } from './comparison';
import { mediansInTurn } from './times';

/** The start of `kairos`, compared with an empty file with the same loader and the same library. */
const root = resolve(__dirname, '..');
const rounds = 15;
const aim = 1.5;
const commands = [['--version'], ['--help'], ['local', '--help'], ['secrets', '--help']];

async function main(): Promise<void> {
  const room = mkdtempSync(join(tmpdir(), 'kairos-bench-'));
  try {
    const empty = join(room, 'empty.ts');
    writeFileSync(empty, `import ${JSON.stringify(require.resolve('commander'))};\n`);
    const reporter = join(room, 'report.js');
    writeFileSync(reporter, reportOfUse);
    const runs: readonly (readonly string[])[] = [
      ['-r', 'sucrase/register/ts', empty],
      ...commands.map((args) => [join(root, 'bin', 'kairos.js'), ...args]),
    ];
    const [base = Number.NaN, ...taken] = mediansInTurn(
      rounds,
      runs.map((args) => () => processorMilliseconds(args, reporter)),
    );
    const comparisons = commands.map((args, index): Comparison => {
      const ours = taken[index] ?? Number.NaN;
      return {
        what: `kairos ${args.join(' ')}, processor time`,
        ours: `${ours.toFixed(0)} ms`,
        against: 'an empty file that loads sucrase and commander',
        theirs: `${base.toFixed(0)} ms`,
        ratio: ours / base,
        aim,
      };
    });
    await report(comparisons);
    if (comparisons.slice(0, 2).some(({ ratio }) => ratio > aim)) process.exitCode = 1;
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/**
 * @param reporter a file that makes a process print its usage on standard error.
 * @returns the processor time, which depends less on the load of the machine than the wall time.
 */
function processorMilliseconds(args: readonly string[], reporter: string): number {
  const { status, stderr } = spawnSync(process.execPath, ['-r', reporter, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const used = /^used (\d+)$/m.exec(stderr)?.[1];
  if (status !== 0 || used === undefined) throw new Error(stderr);
  return Number(used) / 1e3;
}

const reportOfUse = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeSync(2, '\\nused ' + (user + system) + '\\n');
});
`;

void main();
