import type { BuildContext } from '../../images/build-context';
import { run, type RunResult, type Shell } from '../process';
import { codeOf } from '../../errors';

export interface DockerBuild {
  /** What the image is built from. */
  readonly context: BuildContext;
  /** The folder that the context is staged in. */
  readonly folder: string;
  /** The labels of the image, by name. */
  readonly labels: Readonly<Record<string, string>>;
  /** Repository and tag. */
  readonly name: string;
}

/** @returns the arguments of a `docker build` that does what the docker provider does for `kairos-image`. */
export function buildArguments({ context, folder, labels, name }: DockerBuild): readonly string[] {
  return [
    ...['build', '--tag', name, '--platform', context.platform],
    ...['--file', `${folder}/${context.dockerfile}`],
    ...pairs('--build-arg', context.buildArguments),
    ...pairs('--label', labels),
    folder,
  ];
}

function pairs(flag: string, values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}

/** @returns the result of Docker's own command, or nothing when there is none. */
export async function docker(args: readonly string[], shell: Shell): Promise<RunResult | undefined> {
  try {
    // An attestation makes an index of the image, which Lambda does not take.
    return await run('docker', args, {
      shell: { ...shell, DOCKER_BUILDKIT: '1', BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
    });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns Docker's reason: its error with what it says below, as it does of a missing buildx; else its last line. */
export function dockerReason(result: RunResult | undefined): string {
  if (result === undefined) return 'there is no docker command';
  const lines = result.output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = lines.findIndex((line) => /^error/i.test(line));
  return (error < 0 ? lines.slice(-1) : lines.slice(error, error + 3)).join(' ');
}
