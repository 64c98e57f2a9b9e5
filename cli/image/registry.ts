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
export type ImageReference = Omit<ImageAddress, 'tag'> &
  ({ readonly tag: string } | { readonly digest: string });

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

/** What an image says about the source that it was built from. */
export interface ImageLabels {
  /** The version of the backend, as its `pyproject.toml` names it. */
  readonly version?: string;
  /** The commit of the backend. */
  readonly revision?: string;
  /** Whether it is an image without content, as the local cloud has it without Docker. */
  readonly standIn: boolean;
}

/**
 * Looks at what was pushed before Lambda does: it takes one image of its own platform, and no index.
 * @throws with what would be right.
 */
export async function checkPushedImage(reference: ImageReference, platform: Platform): Promise<void> {
  const name = nameOf(reference);
  const configuration = await readImageConfiguration(reference);
  if (configuration === undefined)
    throw new UserError(`ECR has no image ${name}; what it has: npx kairos image status`);
  refuseOtherPlatform(name, configuration, platform);
  if ('digest' in reference) await refuseUntagged(reference);
}

/** ECR expires untagged images (constructs/foundation/image-repository.ts), also one that a function runs. */
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
    `${nameOf(reference)} has no tag, and ECR removes such images after a while, also one that runs; ` +
      'release one that kairos has pushed: npx kairos image status',
  );
}

/** @returns what an image says of its source, or nothing when the image is gone. */
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
 * @returns the configuration of an image as the registry has it, or nothing when there is no such image.
 * @throws when Lambda does not take the image.
 */
async function readImageConfiguration(reference: ImageReference): Promise<string | undefined> {
  const { BatchGetImageCommand, GetDownloadUrlForLayerCommand } = await import('@aws-sdk/client-ecr');
  const { ecr, repository } = reference;
  const id = 'tag' in reference ? { imageTag: reference.tag } : { imageDigest: reference.digest };
  const { images } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName: repository,
      imageIds: [id],
      // Named, or ECR converts what it has to the oldest type.
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
