import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { tell } from '../cli/terminal';
import { makeFolder } from '../cli/folder';
import { report } from './comparison';
import { mediansInTurn, secondsOf } from './times';

/**
 * The duration of a synth, compared with an AWS CDK application of the same architecture. Users of this project do not
 * need it.
 */
const root = resolve(__dirname, '..');
const room = join(root, '.kairos', 'bench-aws-cdk');
const packages = ['aws-cdk-lib@2.276.0', 'constructs@10.5.1'];
const rounds = 3;

async function main(): Promise<void> {
  tell(`fetching ${packages.join(' and ')} into ${room}`);
  makeFolder(room);
  copyFileSync(join(__dirname, 'aws-cdk', 'app.js'), join(room, 'app.js'));
  const install = ['install', '--prefix', room, '--no-fund', '--no-audit', '--no-save', ...packages];
  const { status, stderr } = spawnSync('npm', install, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${install.join(' ')} failed: ${stderr}`);
  const output = mkdtempSync(join(tmpdir(), 'kairos-bench-'));
  try {
    const [ours = Number.NaN, theirs = Number.NaN] = mediansInTurn(rounds, [
      () =>
        secondsOf({
          args: ['-r', './bin/typescript', 'main.ts'],
          cwd: root,
          variables: {
            CDKTF_OUTDIR: join(output, 'ours'),
            KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
          },
        }),
      () => secondsOf({ args: ['app.js'], cwd: room, variables: { CDK_OUTDIR: join(output, 'theirs') } }),
    ]);
    await report([
      {
        what: 'synth of the foundation and three environments',
        ours: `${ours.toFixed(2)} s`,
        against: 'AWS CDK 2.276 in plain JavaScript, the same architecture simplified',
        theirs: `${theirs.toFixed(2)} s`,
        ratio: ours / theirs,
      },
    ]);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

void main();
