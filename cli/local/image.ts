import type { ECRClient } from '@aws-sdk/client-ecr';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { BuildContext } from '../../images/build-context';
import { sourceRevision } from '../../images/source-revision';
import { digestOf } from '../image/registry';
import type { Shell } from '../process';
import { chooseRunner, type Runner } from './container';
import type { LocalHome } from './home';

export interface LocalImageOptions {
  readonly ecr: ECRClient;
  readonly home: LocalHome;
  /** The ECR repository. */
  readonly repository: string;
  /** What the image would be built from. */
  readonly context: BuildContext;
  /** The environment variables. */
  readonly shell: Shell;
  /** Called with a few words whenever there is something to know. */
  readonly onProgress: (words: string) => void;
}

export interface LocalImage {
  /** What the image is named by from now on. */
  readonly digest: string;
  /** How it runs here. */
  readonly runner: Runner;
}

const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * Puts an image for a content tag into the emulated ECR, which needs no Docker daemon: its manifest names no layers.
 * What they would hold is staged under its digest, where the function runner looks; with a daemon at hand the image
 * is built as well, and the runner is told its reference. That is decided anew each time.
 */
export async function putLocalImage(options: LocalImageOptions): Promise<LocalImage> {
  const { ecr, repository, context } = options;
  const { PutImageCommand } = await import('@aws-sdk/client-ecr');
  const present = await digestOf({ ecr, repository, tag: context.tag });
  const configuration = configurationOf(context);
  const manifest = manifestOf(configuration);
  const digest = present ?? `sha256:${sha256(manifest)}`;
  const runner = await stage(digest, options);
  if (present === undefined) {
    await putBlob(configuration, options);
    await ecr.send(
      new PutImageCommand({
        repositoryName: repository,
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
        imageTag: context.tag,
      }),
    );
  }
  return { digest, runner };
}

/** The function runner starts a version from this folder. The content is written once, as an image is. */
async function stage(
  digest: string,
  { home, context, shell, onProgress }: LocalImageOptions,
): Promise<Runner> {
  const folder = home.path('images', digest.replace('sha256:', ''));
  const described = { digest, tag: context.tag, command: ['start_up.handler'] };
  const file = `${folder}/image.json`;
  if (!existsSync(file)) context.stage(`${folder}/context`);
  const runner = await chooseRunner({ context, folder: `${folder}/context`, shell, onProgress });
  const image = 'image' in runner ? runner.image : undefined;
  writeFileSync(file, `${JSON.stringify({ ...described, image }, undefined, 2)}\n`);
  return runner;
}

/** What an image says of itself; the same labels as constructs/image/backend-image.ts gives it. */
function configurationOf({ platform, source, tag, version }: BuildContext): string {
  const [os, architecture] = platform.split('/');
  const revision = sourceRevision(source);
  const labels = {
    'org.opencontainers.image.version': version,
    ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
  };
  // Of a built image these are the digests of its content, so that another content is another image.
  const rootfs = { type: 'layers', diff_ids: [`sha256:${sha256(tag)}`] };
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
