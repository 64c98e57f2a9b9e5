import { z } from 'zod';
import { UserError } from '../errors';
import type { Platform } from './build-context';

/** A manifest from a registry. */
export interface PushedManifest {
  /** The image, as it is named in error messages: repository and tag. */
  readonly image: string;
  /** The media type in the registry's response. */
  readonly mediaType: string;
  /** The manifest itself. */
  readonly manifest: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-types */
const manifestTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
];

const indexTypes = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];

/** The media types that are requested. They include types that Lambda refuses, so that the error can name the type. */
export const acceptedTypes: readonly string[] = [...manifestTypes, ...indexTypes];

const layerTypes = [
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar',
];

const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ mediaType: z.string() })),
});

const configSchema = z.object({ os: z.string(), architecture: z.string() });

/**
 * Checks whether Lambda accepts a manifest, and says where the image's platform is described.
 *
 * @returns the digest of the image's configuration.
 * @throws if Lambda refuses such a manifest, with how to build one that it accepts.
 */
export function acceptedConfig({ image, mediaType, manifest }: PushedManifest): string {
  if (indexTypes.includes(mediaType)) {
    throw new UserError(
      `${image} is an index of images (${mediaType}), and Lambda takes a single one: the build added an attestation ` +
        'or was for several platforms; build it with no builder named, or with BUILDX_NO_DEFAULT_ATTESTATIONS=1 ' +
        `for one platform, and push it under a new tag, or delete this one first; ${deletion}`,
    );
  }
  if (!manifestTypes.includes(mediaType)) {
    throw new UserError(
      `${image} has a manifest of type ${mediaType}, which Lambda does not take; expected ${manifestTypes.join(' or ')}`,
    );
  }
  const { config, layers } = parsed(manifestSchema, manifest, `the manifest of ${image}`);
  const strange = layers.find((layer) => !layerTypes.includes(layer.mediaType));
  if (strange !== undefined) {
    throw new UserError(
      `${image} has a layer of type ${strange.mediaType}, which Lambda does not take; build it with gzip compression`,
    );
  }
  return config.digest;
}

/** @throws UserError if a registry returns something else than was requested. */
function parsed<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const found = schema.safeParse(jsonOf(text));
  if (found.success) return found.data;
  const [fault] = found.error.issues;
  const path = fault === undefined || fault.path.length === 0 ? '' : ` at ${fault.path.join('.')}`;
  throw new UserError(
    `${what} cannot be read${path}: the registry gave ${JSON.stringify(text.slice(0, 60))}; ` +
      'push the image again under a new tag, by Docker and no other tool',
  );
}

/** @returns the parsed JSON of a text; undefined if it is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

const deletion = 'a tag that is in the registry cannot be overwritten there';

const labelsSchema = z.object({
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** @returns the labels in an image's configuration. @throws UserError if it is not a configuration. */
export function labelsIn(image: string, config: string): Readonly<Record<string, string>> {
  return parsed(labelsSchema, config, `the configuration of ${image}`).config?.Labels ?? {};
}

/**
 * @param image the image, as it is named in error messages.
 * @param config the configuration of the image, which the registry returns for its digest.
 * @throws if the image is for another platform than the function.
 */
export function refuseOtherPlatform(image: string, config: string, platform: Platform): void {
  const { os, architecture } = parsed(configSchema, config, `the configuration of ${image}`);
  const found = `${os}/${architecture}`;
  if (found !== platform) {
    throw new UserError(
      `${image} is for ${found}, and the function runs on ${platform}: it would not start; ` +
        `build it on a machine of that kind, or with an emulator for it, and delete this tag first: ${deletion}`,
    );
  }
}
