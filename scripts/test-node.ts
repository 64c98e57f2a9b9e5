import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cdktfCommand } from '../cli/project';
import { run, type Shell } from '../cli/process';
import { print, table, tell } from '../cli/terminal';

/** Runs the real cdktf with each supported Node: a synth of all stacks, and a small deploy. */
const majors = [20, 22, 24, 26] as const;
const root = resolve(__dirname, '..');

interface Trial {
  readonly version: string;
  readonly synth: boolean;
  readonly deploy: boolean;
}

async function main(): Promise<void> {
  const room = mkdtempSync(join(tmpdir(), 'kairos-node-'));
  try {
    const trials: Trial[] = [];
    for (const major of majors) {
      tell(`Node ${major}: install, synth, deploy`);
      trials.push(await tryNode(await install(major, room), join(room, `out-${major}`)));
    }
    const mark = (ok: boolean) => (ok ? 'yes' : 'NO');
    print(
      await table(
        ['node', 'cdktf synth', 'cdktf deploy'],
        trials.map(({ version, synth, deploy }) => [version, mark(synth), mark(deploy)]),
      ),
    );
    if (!trials.every(({ synth, deploy }) => synth && deploy)) process.exitCode = 1;
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** Each Node is a package of the npm registry. @returns its command. */
async function install(major: number, room: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(room, String(major));
  mkdirSync(folder);
  const args = ['install', '--prefix', folder, '--no-fund', '--no-audit', '--no-save', `${name}@${major}`];
  const { code, output } = await run('npm', args, { shell: process.env });
  if (code !== 0) throw new Error(`npm could not install ${name}@${major}: ${output}`);
  return join(folder, 'node_modules', name, 'bin', 'node');
}

async function tryNode(node: string, output: string): Promise<Trial> {
  const shell: Shell = {
    ...process.env,
    PATH: `${join(node, '..')}:${process.env.PATH ?? ''}`,
    KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
    TF_CLI_CONFIG_FILE: undefined,
    CHECKPOINT_DISABLE: '1',
    SMALL_APP_FOLDER: output,
    CI: '1',
  };
  mkdirSync(output);
  const call = async (args: readonly string[]) => {
    const result = await run(node, [cdktfCommand, ...args], { cwd: root, shell });
    if (result.code !== 0) tell(result.output);
    return result.code === 0;
  };
  const small = [
    '--app',
    `${node} -r ./bin/typescript scripts/small-app.ts`,
    '--output',
    join(output, 'small'),
  ];
  return {
    version: (await run(node, ['--version'], { shell })).stdout,
    synth: await call(['synth', '--output', join(output, 'all')]),
    deploy: await call(['deploy', 'small', '--auto-approve', '--skip-provider-lock', ...small]),
  };
}

void main();
