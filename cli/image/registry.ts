import type { ECRClient } from '@aws-sdk/client-ecr';
import type { Platform } from '../../images/build-context';
import { acceptedConfig, refuseOtherPlatform } from '../../images/manifest-check';
import { UserError } from '../../errors';

/** An image by its tag in one repository. */
export interface ImageAddress {
  readonly ecr: ECRClient;
  /** The ECR repository. */
  readonly repository: string;
  readonly tag: string;
}

/** What Docker needs to push: it goes into the provider's environment and nowhere else. */
export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

/** @returns a login for the account's registry, good for 12 hours. */
export async function registryLogin(ecr: ECRClient): Promise<RegistryLogin> {
  const { GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString('utf8');
  const [user, password] = token.split(/:(.*)/s);
  if (!user || !password) throw new UserError('ECR gave no login; your role needs ecr:GetAuthorizationToken');
  return { user, password };
}

/**
 * @returns the digest that a tag names, or nothing when there is no such image.
 * @throws UserError when there is no repository.
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
      throw new UserError(
        `there is no repository ${repository} yet; make it: npx cdktf deploy kairos-foundation`,
      );
    }
    throw error;
  }
}

/**
 * Looks at what was pushed before Lambda does: it takes one image of its own platform, and no index.
 * @throws with what would be right.
 */
export async function checkPushedImage(address: ImageAddress, platform: Platform): Promise<void> {
  const { BatchGetImageCommand, GetDownloadUrlForLayerCommand } = await import('@aws-sdk/client-ecr');
  const { ecr, repository, tag } = address;
  const name = `${repository}:${tag}`;
  const { images } = await ecr.send(
    new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }),
  );
  const [image] = images ?? [];
  const digest = acceptedConfig({
    image: name,
    mediaType: image?.imageManifestMediaType ?? '',
    manifest: image?.imageManifest ?? '',
  });
  const { downloadUrl } = await ecr.send(
    new GetDownloadUrlForLayerCommand({ repositoryName: repository, layerDigest: digest }),
  );
  const response = await fetch(downloadUrl ?? '');
  if (!response.ok)
    throw new UserError(`the configuration of ${name} could not be read: HTTP ${response.status}`);
  refuseOtherPlatform(name, await response.text(), platform);
}
