import type { BuildContext } from '../../images/build-context';
import { run, type RunResult, type Shell } from '../process';

export interface ContainerOptions {
  /** What the image is built from. */
  readonly context: BuildContext;
  /** The folder that the context is staged in. */
  readonly folder: string;
  /** The environment variables; `KAIROS_LOCAL_RUNNER=process` does without Docker. */
  readonly shell: Shell;
  /** Called with a few words whenever there is something to know. */
  readonly onProgress: (words: string) => void;
  /** @default - the one of this machine */
  readonly operatingSystem?: NodeJS.Platform;
}

/** How the function runs: in a container of this image, or as a process of this machine for a reason. */
export type Runner = { readonly image: string } | { readonly process: string };

/**
 * Builds the image with the Docker daemon of this machine, if one answers and has not built it before. On a Mac
 * containers do not share the machine's loopback, where all of the local cloud is, so that processes run there.
 */
export async function chooseRunner(options: ContainerOptions): Promise<Runner> {
  const { context, folder, shell, onProgress, operatingSystem = process.platform } = options;
  if (operatingSystem !== 'linux') return { process: 'containers reach the local cloud on Linux only' };
  if (shell.KAIROS_LOCAL_RUNNER === 'process') return { process: 'KAIROS_LOCAL_RUNNER says so' };
  const daemon = await docker(['version', '--format', '{{.Server.Version}}'], shell);
  if (daemon === undefined) return { process: 'there is no docker command' };
  if (daemon.code !== 0) return { process: reasonIn(daemon) };
  const image = `kairos-local:${context.tag}`;
  if ((await docker(['image', 'inspect', image], shell))?.code === 0) return { image };
  onProgress('builds the image with Docker');
  const buildArguments = Object.entries(context.buildArguments).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ]);
  const platform = ['--platform', context.platform];
  const file = ['--file', `${folder}/${context.dockerfile}`];
  const build = await docker(
    ['build', '--tag', image, ...platform, ...file, ...buildArguments, folder],
    shell,
  );
  if (build?.code === 0) return { image };
  return { process: `docker build failed: ${build === undefined ? 'it is gone' : reasonIn(build)}` };
}

/** @returns the result, or nothing when there is no docker command. */
async function docker(args: readonly string[], shell: Shell): Promise<RunResult | undefined> {
  try {
    return await run('docker', args, { shell: { ...shell, DOCKER_BUILDKIT: '1' } });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns Docker's reason: its error with what it says below, as it does of a missing buildx; else its last line. */
function reasonIn({ output }: RunResult): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = lines.findIndex((line) => /^error/i.test(line));
  return (error < 0 ? lines.slice(-1) : lines.slice(error, error + 3)).join(' ');
}
