import type { ECRClient } from '@aws-sdk/client-ecr';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { BuildContext } from '../../images/build-context';
import { digestOf } from '../image/registry';
import type { LocalHome } from './home';

export interface LocalImageOptions {
  readonly ecr: ECRClient;
  readonly home: LocalHome;
  /** The ECR repository. */
  readonly repository: string;
  /** What the image would be built from. */
  readonly context: BuildContext;
}

const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * Puts an image for a content tag into the emulated ECR without a Docker daemon: its manifest names no layers,
 * and what they would hold is staged under its digest, where the function runner looks.
 * @returns the digest.
 */
export async function putLocalImage({ ecr, home, repository, context }: LocalImageOptions): Promise<string> {
  const { PutImageCommand } = await import('@aws-sdk/client-ecr');
  const manifest = manifestOf(context.tag);
  const digest = `sha256:${sha256(manifest)}`;
  stage(home, digest, context);
  if ((await digestOf({ ecr, repository, tag: context.tag })) === undefined) {
    await ecr.send(
      new PutImageCommand({
        repositoryName: repository,
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
        imageTag: context.tag,
      }),
    );
  }
  return digest;
}

/** The runner starts a version from this folder; it is written once, as an image is. */
function stage(home: LocalHome, digest: string, context: BuildContext): void {
  const folder = home.path('images', digest.replace('sha256:', ''));
  if (existsSync(`${folder}/image.json`)) return;
  context.stage(`${folder}/context`);
  const image = { digest, tag: context.tag, command: ['start_up.handler'] };
  writeFileSync(`${folder}/image.json`, `${JSON.stringify(image, undefined, 2)}\n`);
}

function manifestOf(tag: string): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: tag.length,
      digest: `sha256:${sha256(tag)}`,
    },
    layers: [],
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
