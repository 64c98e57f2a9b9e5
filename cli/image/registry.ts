import type { ECRClient } from '@aws-sdk/client-ecr';
import type { Platform } from '../../images/build-context';
import { standInLabel } from '../../images/labels';
import { acceptedConfig, acceptedTypes, labelsIn, refuseOtherPlatform } from '../../images/manifest-check';
import { UserError } from '../../errors';
import { noRepository } from './repository';

/** An image by its tag in one repository. */
export interface ImageAddress {
  readonly ecr: ECRClient;
  /** The ECR repository. */
  readonly repository: string;
  readonly tag: string;
}

/** An image by its tag or its digest in one repository. */
export type ImageReference = Omit<ImageAddress, 'tag'> & {
  /** The account from which ECR copies images into this registry, 12 digits. @default - images are pushed here */
  readonly copiedFrom?: string;
} & ({ readonly tag: string } | { readonly digest: string });

/** The credentials with which Docker pushes. They are only passed to the provider's environment. */
export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

/** @returns credentials for the account's registry, valid for 12 hours. */
export async function registryLogin(ecr: ECRClient): Promise<RegistryLogin> {
  const { GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString('utf8');
  const [user, password] = token.split(/:(.*)/s);
  if (!user || !password) throw new UserError('ECR gave no login; your role needs ecr:GetAuthorizationToken');
  return { user, password };
}

/**
 * @returns the digest of a tag; undefined if there is no such image.
 * @throws UserError if there is no repository.
 */
export async function digestOf({ ecr, repository, tag }: ImageAddress): Promise<string | undefined> {
  const { DescribeImagesCommand, ImageNotFoundException, RepositoryNotFoundException } =
    await import('@aws-sdk/client-ecr');
  try {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }),
    );
    return imageDetails?.[0]?.imageDigest;
  } catch (error) {
    if (error instanceof ImageNotFoundException) return undefined;
    if (error instanceof RepositoryNotFoundException) {
      throw noRepository(repository);
    }
    throw error;
  }
}

/** What an image's labels say about its source. */
export interface ImageLabels {
  /** The version of the backend, from its `pyproject.toml`. */
  readonly version?: string;
  /** The commit of the backend. */
  readonly revision?: string;
  /** Whether it is a placeholder without content, which the local cloud has if there was no Docker. */
  readonly standIn: boolean;
}

/**
 * Checks what was pushed before Lambda does: Lambda accepts one image for its own platform, and no index.
 * @throws an error that says what was expected.
 */
export async function checkPushedImage(reference: ImageReference, platform: Platform): Promise<void> {
  const name = nameOf(reference);
  const configuration = await readImageConfiguration(reference);
  if (configuration === undefined) throw missingImage(reference);
  refuseOtherPlatform(name, configuration, platform);
  if ('digest' in reference) await refuseUntagged(reference);
}

function missingImage(reference: ImageReference): UserError {
  const name = nameOf(reference);
  return new UserError(
    reference.copiedFrom === undefined
      ? `ECR has no image ${name}; what it has: npx kairos image status`
      : `ECR has no copy of ${name} in this account; an image that is pushed to account ${reference.copiedFrom} is copied within minutes, and one that was pushed before both foundations were deployed is never copied; nothing was changed; wait and repeat the command, or release an image that is pushed now`,
  );
}

/** ECR expires untagged images (constructs/foundation/image-repository.ts), even one that a function runs. */
async function refuseUntagged(
  reference: Extract<ImageReference, { readonly digest: string }>,
): Promise<void> {
  const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr');
  const { ecr, repository, digest } = reference;
  const { imageDetails } = await ecr.send(
    new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }] }),
  );
  if ((imageDetails?.[0]?.imageTags ?? []).length > 0) return;
  throw new UserError(
    `${nameOf(reference)} has no tag, and ECR deletes untagged images after a while, even one that runs; ` +
      'release one that kairos has pushed: npx kairos image status',
  );
}

/** @returns what an image's labels say about its source; undefined if the image no longer exists. */
export async function labelsOf(reference: ImageReference): Promise<ImageLabels | undefined> {
  const configuration = await readImageConfiguration(reference);
  if (configuration === undefined) return undefined;
  const labels = labelsIn(nameOf(reference), configuration);
  return {
    version: labels['org.opencontainers.image.version'],
    revision: labels['org.opencontainers.image.revision'],
    standIn: standInLabel in labels,
  };
}

/**
 * @returns the configuration of an image in the registry; undefined if there is no such image.
 * @throws if Lambda does not accept the image.
 */
async function readImageConfiguration(reference: ImageReference): Promise<string | undefined> {
  const { BatchGetImageCommand, GetDownloadUrlForLayerCommand } = await import('@aws-sdk/client-ecr');
  const { ecr, repository } = reference;
  const id = 'tag' in reference ? { imageTag: reference.tag } : { imageDigest: reference.digest };
  const { images } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName: repository,
      imageIds: [id],
      // The types are named, because otherwise ECR converts the manifest to the oldest type.
      acceptedMediaTypes: [...acceptedTypes],
    }),
  );
  const [image] = images ?? [];
  if (image === undefined) return undefined;
  const name = nameOf(reference);
  const layerDigest = acceptedConfig({
    image: name,
    mediaType: image.imageManifestMediaType ?? '',
    manifest: image.imageManifest ?? '',
  });
  const { downloadUrl } = await ecr.send(
    new GetDownloadUrlForLayerCommand({ repositoryName: repository, layerDigest }),
  );
  const response = await fetch(downloadUrl ?? '');
  if (!response.ok)
    throw new UserError(`the configuration of ${name} could not be read: HTTP ${response.status}`);
  return response.text();
}

function nameOf(reference: ImageReference): string {
  const { repository } = reference;
  return 'tag' in reference ? `${repository}:${reference.tag}` : `${repository}@${reference.digest}`;
}
