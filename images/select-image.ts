import { join } from 'node:path';
import type { ImageConfiguration } from '../config/types';
import { UserError } from '../errors';
import { type BackendPathSources, findBackend } from './backend-path';
import { type BuildContext, readBuildContext } from './build-context';

/**
 * @returns the digest that `KAIROS_IMAGE_DIGEST` names, which `kairos release` sets; nothing when it is not set.
 * @throws when it is no digest.
 */
export function releasedDigest(shell: Readonly<Record<string, string | undefined>>): string | undefined {
  const digest = shell.KAIROS_IMAGE_DIGEST ?? '';
  if (digest === '') return undefined;
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new UserError(
    `KAIROS_IMAGE_DIGEST is "${digest}"; right would be sha256: and 64 hex digits, as the output image_digest prints it`,
  );
}

/**
 * @returns what the backend's image is built from.
 * @throws when there is no backend, or none that an image can be built from.
 */
export function backendContext(image: ImageConfiguration, sources: BackendPathSources): BuildContext {
  return readBuildContext({
    source: findBackend(sources),
    overlay: join(sources.root, 'images', 'backend'),
    platform: image.architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64',
    baseImage: image.baseImage,
    recipe: image.recipe,
    maximumBytes: image.maximumContextBytes,
  });
}

/**
 * Only `kairos-image` needs the backend's source: every other stack is planned and deployed without it.
 * @returns what the image is built from, or why nothing can be.
 */
export function findContext(
  image: ImageConfiguration,
  sources: BackendPathSources,
): BuildContext | { readonly missing: string } {
  try {
    return backendContext(image, sources);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { missing: error.message };
  }
}
