import { join } from 'node:path';
import type { ImageConfiguration, ImageSelection } from '../config/types';
import { UserError } from '../errors';
import { type BackendPathSources, findBackend } from './backend-path';
import { type BuildContext, readBuildContext } from './build-context';

/** What the environments run, and what it is built from when the backend's source is at hand. */
export interface SelectedImage {
  readonly image: ImageSelection;
  /** What `kairos-image` builds; nothing when the image is named by digest or there is no backend here. */
  readonly context?: BuildContext;
}

/**
 * Says which image the environments run: the digest of `KAIROS_IMAGE_DIGEST` (a promotion, a rollback, a plan
 * without the backend's source), else the one whose tag is the hash of the backend's source.
 * @throws when `KAIROS_IMAGE_DIGEST` is no digest.
 */
export function selectImage(image: ImageConfiguration, sources: BackendPathSources): SelectedImage {
  const digest = sources.environment.KAIROS_IMAGE_DIGEST ?? '';
  if (digest !== '') return { image: { digest: checkedDigest(digest) } };
  try {
    const context = backendContext(image, sources);
    return { image: { tag: context.tag }, context };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Stacks that need no image must deploy without the backend's source, so it is a plan of the others that stops.
    const missing = `${error.message}; or name an image that exists by KAIROS_IMAGE_DIGEST`;
    return { image: { missing } };
  }
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

function checkedDigest(digest: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new UserError(
    `KAIROS_IMAGE_DIGEST is "${digest}"; right would be sha256: and 64 hex digits, as the output image_digest prints it`,
  );
}
