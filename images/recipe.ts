/**
 * Whose Dockerfile builds the image: the project's own, with the start-up module as the handler, or the
 * one at the root of the backend's checkout, whatever it does.
 */
export type Recipe = 'project' | 'backend';

/** The folder of the context that holds what this project adds to the backend. */
export const overlayFolder = 'kairos_image';

/**
 * What the project's recipe copies of a backend, and so all that enters the context and the tag. A folder ends
 * with a slash. The Dockerfile copies the same; a test compares the two.
 */
export const copiedPaths: readonly string[] = ['kairos/', 'pyproject.toml', 'poetry.lock'];

/** @returns whether the project's recipe copies a file. */
export function isCopied(path: string): boolean {
  return copiedPaths.some((copied) => (copied.endsWith('/') ? path.startsWith(copied) : path === copied));
}

/** @returns whether the project's recipe copies anything below a folder. */
export function mayCopyBelow(folder: string): boolean {
  return isCopied(`${folder}/`);
}
