/**
 * @param revision the commit of the backend. @default - no label
 * @returns the labels of the backend's image, however it is built.
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function imageLabels(version: string, revision?: string): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.version': version,
    ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
  };
}

/** The label of a placeholder without content, which the local cloud has if there was no Docker daemon. */
export const standInLabel = 'com.findkairos.stand-in';
