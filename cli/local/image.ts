import type { ECRClient } from '@aws-sdk/client-ecr';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { ecrEndpoint, localRegistry } from '../../aws/ecr';
import { UserError } from '../../errors';
import type { BuildContext } from '../../images/build-context';
import { imageLabels, standInLabel } from '../../images/labels';
import { sourceRevision } from '../../images/source-revision';
import { docker, dockerReason } from '../image/docker';
import { checkPushedImage, digestOf, labelsOf } from '../image/registry';
import type { Shell } from '../process';
import { chooseRunner, type Runner } from './container';
import type { LocalHome } from './home';

export interface LocalImageOptions {
  readonly ecr: ECRClient;
  readonly home: LocalHome;
  /** The ECR repository. */
  readonly repository: string;
  /** The sources of the image. */
  readonly context: BuildContext;
  /** The environment variables. */
  readonly shell: Shell;
  /** Called with a short text for the user. */
  readonly onProgress: (words: string) => void;
  /** Whether a placeholder without content is accepted if no image can be built. @default true */
  readonly mayStandIn?: boolean;
}

export interface LocalImage {
  /** The name of the image from now on. */
  readonly digest: string;
  /** How it runs here. */
  readonly runner: Runner;
  /** Whether it was pushed now. */
  readonly pushed: boolean;
  /** Whether it has no content, because it could not be built when it was pushed. */
  readonly standIn: boolean;
}

const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * Makes sure that the emulated ECR has an image for a content tag, and that the function runner can start it. With a
 * Docker daemon the image is built and pushed as to AWS. Without one, a placeholder is pushed. Its manifest has no
 * layers, and a label marks it. The content is staged under its digest, where the runner finds it. How it runs is
 * decided again each time.
 * @throws UserError if it could not be built and a placeholder is not accepted, or if Lambda would not accept it.
 */
export async function putLocalImage(options: LocalImageOptions): Promise<LocalImage> {
  const { ecr, repository, context, mayStandIn = true } = options;
  const address = { ecr, repository, tag: context.tag };
  const present = await digestOf(address);
  const built = await chooseRunner(containerOptions(options));
  const runner = present === undefined ? await pushFrom(built, options) : built;
  if (present === undefined && 'process' in runner) {
    if (!mayStandIn) throw notBuilt(context.tag, runner.process);
    await putStandIn(options);
  }
  const digest = present ?? (await digestOf(address));
  if (digest === undefined) throw new UserError(`the build ended, and ECR has no image ${context.tag}`);
  await checkPushedImage(address, context.platform);
  const labels = await labelsOf(address);
  stage(digest, runner, options);
  return { digest, runner, pushed: present === undefined, standIn: labels?.standIn ?? false };
}

function notBuilt(tag: string, reason: string): UserError {
  return new UserError(
    `${tag} was not built, because that needs Docker: ${reason}; to use a placeholder without Docker: npm run local`,
  );
}

function containerOptions(options: LocalImageOptions) {
  const { home, context } = options;
  const folder = home.path('contexts', context.tag);
  if (!existsSync(folder)) context.stage(folder);
  return { ...options, folder, labels: labelsFor(context) };
}

/** A daemon that cannot reach the registry here is on another machine, where functions cannot run either. */
async function pushFrom(
  runner: Runner,
  { repository, context, shell, onProgress }: LocalImageOptions,
): Promise<Runner> {
  if (!('image' in runner)) return runner;
  const registry = new URL(localRegistry(ecrEndpoint(shell)) ?? '').host;
  const name = `${registry}/${repository}:${context.tag}`;
  onProgress('pushes the image to the local registry');
  await docker(['tag', runner.image, name], shell);
  const push = await docker(['push', '--quiet', name], shell);
  await docker(['rmi', name], shell);
  return push?.code === 0 ? runner : { process: `docker push failed: ${dockerReason(push)}` };
}

/** The function runner starts a version from this folder. Like an image, its content is written once. */
function stage(digest: string, runner: Runner, { home, context }: LocalImageOptions): void {
  const folder = home.path('images', digest.replace('sha256:', ''));
  if (!existsSync(`${folder}/image.json`)) context.stage(`${folder}/context`);
  const image = 'image' in runner ? runner.image : undefined;
  const described = { digest, tag: context.tag, command: ['start_up.handler'], image };
  writeFileSync(`${folder}/image.json`, `${JSON.stringify(described, undefined, 2)}\n`);
}

async function putStandIn(options: LocalImageOptions): Promise<void> {
  const { PutImageCommand } = await import('@aws-sdk/client-ecr');
  const configuration = configurationOf(options.context);
  await putBlob(configuration, options);
  await options.ecr.send(
    new PutImageCommand({
      repositoryName: options.repository,
      imageManifest: manifestOf(configuration),
      imageManifestMediaType: mediaType,
      imageTag: options.context.tag,
    }),
  );
}

function labelsFor({ source, version }: BuildContext) {
  return imageLabels(version, sourceRevision(source));
}

/** The configuration of an image, with the same labels as a built one. */
function configurationOf(context: BuildContext): string {
  const [os, architecture] = context.platform.split('/');
  const labels = { ...labelsFor(context), [standInLabel]: 'true' };
  // In a built image these are the digests of its layers, so that other content is another image.
  const rootfs = { type: 'layers', diff_ids: [`sha256:${sha256(context.tag)}`] };
  return JSON.stringify({ os, architecture, config: { Labels: labels }, rootfs });
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#single-post */
async function putBlob(content: string, { repository, shell }: LocalImageOptions): Promise<void> {
  const address = `${shell.AWS_ENDPOINT_URL ?? ''}/v2/${repository}/blobs/uploads/?digest=sha256:${sha256(content)}`;
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: content,
  });
  if (!response.ok) throw new Error(`the local registry answered ${response.status} to ${address}`);
}

function manifestOf(configuration: string): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: Buffer.byteLength(configuration),
      digest: `sha256:${sha256(configuration)}`,
    },
    layers: [],
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
