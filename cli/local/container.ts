import type { BuildContext } from '../../images/build-context';
import { buildArguments, docker, dockerReason } from '../image/docker';
import type { Shell } from '../process';

export interface ContainerOptions {
  /** The sources of the image. */
  readonly context: BuildContext;
  /** The folder with the staged context. */
  readonly folder: string;
  /** The labels of the image, by name. */
  readonly labels: Readonly<Record<string, string>>;
  /** The environment variables; `KAIROS_LOCAL_RUNNER=process` disables Docker. */
  readonly shell: Shell;
  /** Called with a short text for the user. */
  readonly onProgress: (words: string) => void;
  /** @default - that of this machine */
  readonly operatingSystem?: NodeJS.Platform;
}

/** How the function runs: in a container of this image, or as a process on this machine, with the reason. */
export type Runner = { readonly image: string } | { readonly process: string };

/**
 * Builds the image with the Docker daemon of this machine, if one answers and has not built it before. On a Mac,
 * containers do not share the machine's loopback interface, which the local cloud uses. So processes are used there.
 */
export async function chooseRunner(options: ContainerOptions): Promise<Runner> {
  const { context, folder, labels, shell, onProgress, operatingSystem = process.platform } = options;
  if (operatingSystem !== 'linux') return { process: 'containers can reach the local cloud only on Linux' };
  if (shell.KAIROS_LOCAL_RUNNER === 'process') return { process: 'KAIROS_LOCAL_RUNNER says so' };
  const daemon = await docker(['version', '--format', '{{.Server.Version}}'], shell);
  if (daemon?.code !== 0) return { process: dockerReason(daemon) };
  const image = `kairos-local:${context.tag}`;
  if ((await docker(['image', 'inspect', image], shell))?.code === 0) return { image };
  onProgress('builds the image with Docker');
  const build = await docker(buildArguments({ context, folder, labels, name: image }), shell);
  if (build?.code === 0) return { image };
  return { process: `docker build failed: ${dockerReason(build)}` };
}
