/**
 * Which Dockerfile builds the image: `project` is the project's own, with the start-up module as the handler; `backend`
 * is the one in the backend's checkout, whatever it does.
 */
export type Recipe = 'project' | 'backend';

/** The folder in the context with what this project adds to the backend. */
export const overlayFolder = 'kairos_image';

/**
 * The files of a backend that the project's recipe copies. Only they are in the context and in the tag. A folder ends
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
