import { spawnSync } from 'node:child_process';
import { emulatorPython } from '../../cli/local/prerequisites';
import type { Shell } from '../../cli/process';

/** A command and the arguments that come before those of the AWS CLI. */
export type AwsCommand = readonly [command: string, ...args: string[]];

/** From PyPI, for a machine without the AWS CLI. */
const published = 'awscli==1.45.11';

/** @returns the AWS CLI of this machine, or else a published one, which uv caches. */
export async function awsCommand(shell: Shell): Promise<AwsCommand> {
  if (spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0) return ['aws'];
  return [await emulatorPython(shell), '-m', 'uv', 'tool', 'run', '--from', published, 'aws'];
}
