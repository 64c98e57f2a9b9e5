import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cdktfCommand, stackFolder } from '../cli/project';
import { run, type Shell } from '../cli/process';
import { rollbackSchema } from '../cli/schemas/release';
import { tell } from '../cli/terminal';
import { terraformCommand } from '../cli/tools/terraform';
import { putImages } from '../scripts/kills/images';
import { Look } from '../scripts/kills/look';
import { withLocalCloud } from '../scripts/local-cloud';
import { report } from './comparison';

/** What cdktf adds to a Terraform plan, and how much faster a rollback answers than a release, in a local cloud. */
const root = resolve(__dirname, '..');
const stack = 'kairos-dev';

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-bench-'));
  try {
    tell('starts a local cloud');
    const taken = await withLocalCloud(folder, async (cloud) => {
      const { shell } = cloud;
      const cdktf = [
        cdktfCommand,
        'plan',
        stack,
        '--skip-provider-lock',
        '--output',
        shell.CDKTF_OUTDIR ?? '',
      ];
      const terraform = [`-chdir=${stackFolder(stack, shell)}`, 'plan', '-input=false', '-no-color'];
      const byCdktf = await seconds(process.execPath, cdktf, shell);
      const byTerraform = await seconds(terraformCommand(shell), terraform, shell);
      const { good } = await putImages(cloud, new Look(cloud));
      const release = [join(root, 'bin', 'kairos.js'), 'release', 'dev', '--digest', good];
      const released = await seconds(process.execPath, release, shell);
      const { stdout } = await cloud.kairos(['rollback', 'dev', '--json']);
      const { secondsToAnswer = Number.NaN } = rollbackSchema.parse(JSON.parse(stdout));
      return { byCdktf, byTerraform, released, secondsToAnswer };
    });
    await report([
      {
        what: 'plan of kairos-dev by npx cdktf',
        ours: `${taken.byCdktf.toFixed(1)} s`,
        against: 'terraform plan on the same files',
        theirs: `${taken.byTerraform.toFixed(1)} s`,
        ratio: taken.byCdktf / taken.byTerraform,
      },
      {
        what: 'rollback to first response of the previous version',
        ours: `${taken.secondsToAnswer.toFixed(1)} s`,
        against: 'a release of the same image by Terraform',
        theirs: `${taken.released.toFixed(1)} s`,
        ratio: taken.secondsToAnswer / taken.released,
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the wall time of a command. @throws with its output if it fails. */
async function seconds(command: string, args: readonly string[], shell: Shell): Promise<number> {
  const started = process.hrtime.bigint();
  const { code, output } = await run(command, args, { cwd: root, shell });
  if (code !== 0) throw new Error(output);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

void main();
