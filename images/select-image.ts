import { join } from 'node:path';
import { secretNames } from '../config/names';
import type { ImageConfiguration } from '../config/types';
import { UserError } from '../errors';
import { type BackendPathSources, findBackend } from './backend-path';
import { type BuildContext, readBuildContext } from './build-context';

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
    // The recipe imports the application once, and an application may refuse to be imported without them.
    buildArguments: image.recipe === 'project' ? { REQUIRED_PARAMETERS: secretNames.join(',') } : {},
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
