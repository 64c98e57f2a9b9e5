import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { table, print } from '../cli/terminal';

/** How long `kairos` takes to start, against an empty file that has the same loader and the same library. */
const root = resolve(__dirname, '..');
const rounds = 15;
const most = 1.5;
const commands = [['--version'], ['--help'], ['local', '--help'], ['secrets', '--help']];

async function main(): Promise<void> {
  const room = mkdtempSync(join(tmpdir(), 'kairos-bench-'));
  try {
    const empty = join(room, 'empty.ts');
    writeFileSync(empty, `import ${JSON.stringify(require.resolve('commander'))};\n`);
    const reporter = join(room, 'report.js');
    writeFileSync(reporter, report);
    const runs: readonly (readonly string[])[] = [
      ['-r', 'sucrase/register/ts', empty],
      ...commands.map((args) => [join(root, 'bin', 'kairos.js'), ...args]),
    ];
    const seconds = runs.map((): number[] => []);
    // Taken in turns, so that whatever else the machine does falls on all of them.
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, args] of runs.entries()) seconds[index]?.push(processorSeconds(args, reporter));
    }
    const [base = 0, ...medians] = seconds.map(median);
    const ratio = (value: number) => (value / base).toFixed(2);
    const rows = medians.map((value, index) => [
      `kairos ${commands[index]?.join(' ') ?? ''}`,
      milliseconds(value),
      ratio(value),
    ]);
    print(
      await table(
        ['', 'processor ms', 'times'],
        [['empty file and commander', milliseconds(base), '1.00'], ...rows],
      ),
    );
    print(`median of ${rounds}; the aim for --version and --help is at most ${most}`);
    if (medians.slice(0, 2).some((value) => value > most * base)) process.exitCode = 1;
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/**
 * @param reporter a file that makes a process write what it has used to its standard error.
 * @returns processor time in seconds, which depends less than the clock on what else the machine does.
 */
function processorSeconds(args: readonly string[], reporter: string): number {
  const { status, stderr } = spawnSync(process.execPath, ['-r', reporter, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const used = /^used (\d+)$/m.exec(stderr)?.[1];
  if (status !== 0 || used === undefined) throw new Error(stderr);
  return Number(used) / 1e6;
}

const report = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeSync(2, '\\nused ' + (user + system) + '\\n');
});
`;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(0);
}

void main();
