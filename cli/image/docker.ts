import type { BuildContext } from '../../images/build-context';
import { run, type RunResult, type Shell } from '../process';
import { codeOf } from '../../errors';

export interface DockerBuild {
  /** The sources of the image. */
  readonly context: BuildContext;
  /** The folder with the staged context. */
  readonly folder: string;
  /** The labels of the image, by name. */
  readonly labels: Readonly<Record<string, string>>;
  /** The repository and the tag. */
  readonly name: string;
}

/** @returns the arguments of a `docker build` that does the same as the docker provider in `kairos-image`. */
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

/** @returns the result of the docker command; undefined if it is not installed. */
export async function docker(args: readonly string[], shell: Shell): Promise<RunResult | undefined> {
  try {
    // With an attestation the image becomes an index, which Lambda does not accept.
    return await run('docker', args, {
      shell: { ...shell, DOCKER_BUILDKIT: '1', BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
    });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @returns Docker's error message, with the lines below it if there are any (as for a missing buildx); otherwise its
 * last line.
 */
export function dockerReason(result: RunResult | undefined): string {
  if (result === undefined) return 'there is no docker command';
  const lines = result.output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = lines.findIndex((line) => /^error/i.test(line));
  return (error < 0 ? lines.slice(-1) : lines.slice(error, error + 3)).join(' ');
}
