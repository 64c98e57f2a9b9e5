/**
 * @param revision the commit of the backend. @default - the image does not say
 * @returns the labels of the backend's image, whoever builds it.
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function imageLabels(version: string, revision?: string): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.version': version,
    ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
  };
}

/** The label of an image without content, which the local cloud has where no Docker daemon could build one. */
export const standInLabel = 'com.findkairos.stand-in';
