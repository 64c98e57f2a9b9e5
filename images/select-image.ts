import { join } from 'node:path';
import { secretNames } from '../config/names';
import type { ImageConfiguration } from '../config/types';
import { UserError } from '../errors';
import { type BackendPathSources, findBackend } from './backend-path';
import { type BuildContext, readBuildContext } from './build-context';

/**
 * @returns the sources of the backend's image.
 * @throws if there is no backend, or if no image can be built from it.
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
 * Only `kairos-image` needs the backend's source. All other stacks are planned and deployed without it.
 * @returns the sources of the image, or why there are none.
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
