import type { BuildContext } from '../../images/build-context';
import { run, type Shell } from '../process';

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

/**
 * Builds the image with the Docker daemon of this machine, if one answers. On a Mac containers do not share the
 * machine's loopback, where all of the local cloud is, so that processes run there.
 * @returns the image's reference, or nothing: then the function runs as a process.
 */
export async function buildContainer(options: ContainerOptions): Promise<string | undefined> {
  const { context, folder, shell, onProgress, operatingSystem = process.platform } = options;
  if (operatingSystem !== 'linux' || shell.KAIROS_LOCAL_RUNNER === 'process') return undefined;
  if (!(await daemonAnswers(shell))) return undefined;
  onProgress('builds the image with Docker');
  const reference = `kairos-local:${context.tag}`;
  const buildArguments = Object.entries(context.buildArguments).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ]);
  const platform = ['--platform', context.platform];
  const file = ['--file', `${folder}/${context.dockerfile}`];
  const { code, output } = await run(
    'docker',
    ['build', '--tag', reference, ...platform, ...file, ...buildArguments, folder],
    { shell: { ...shell, DOCKER_BUILDKIT: '1' } },
  );
  if (code === 0) return reference;
  const reason = output.trim().split('\n').at(-1) ?? '';
  onProgress(`runs the backend without Docker, for the build failed: ${reason}`);
  return undefined;
}

async function daemonAnswers(shell: Shell): Promise<boolean> {
  const result = await run('docker', ['version', '--format', '{{.Server.Version}}'], { shell }).catch(
    () => undefined,
  );
  return result?.code === 0;
}
