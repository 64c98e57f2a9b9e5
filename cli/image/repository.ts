import type { ECRClient, FindingSeverity } from '@aws-sdk/client-ecr';
import { UserError } from '../../errors';

/** An image in the repository. */
export interface StoredImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** When it was pushed. */
  readonly pushed: Date;
  /** The compressed size, which a pull transfers. */
  readonly bytes: number;
}

/** The number of findings of a scan, by severity. */
export type Findings = Readonly<Partial<Record<FindingSeverity, number>>>;

/**
 * @returns every image of a repository, newest first.
 * @throws UserError if there is no repository.
 */
export async function storedImages(ecr: ECRClient, repository: string): Promise<readonly StoredImage[]> {
  const { paginateDescribeImages, RepositoryNotFoundException } = await import('@aws-sdk/client-ecr');
  const found: StoredImage[] = [];
  try {
    for await (const page of paginateDescribeImages({ client: ecr }, { repositoryName: repository })) {
      for (const { imageDigest, imageTags, imagePushedAt, imageSizeInBytes } of page.imageDetails ?? []) {
        if (imageDigest === undefined || imagePushedAt === undefined) {
          throw new UserError(`ECR lists an image of ${repository} without digest or date; ask again`);
        }
        found.push({
          digest: imageDigest,
          tags: imageTags ?? [],
          pushed: imagePushedAt,
          bytes: imageSizeInBytes ?? 0,
        });
      }
    }
  } catch (error) {
    if (error instanceof RepositoryNotFoundException) throw noRepository(repository);
    throw error;
  }
  return found.sort((a, b) => b.pushed.getTime() - a.pushed.getTime());
}

/** @returns the message if there is no repository yet. */
export function noRepository(repository: string): UserError {
  return new UserError(
    `there is no repository ${repository} yet; make it: npx cdktf deploy kairos-foundation`,
  );
}

/**
 * Requested one by one, because the list of images does not contain the findings of ECR's current basic scanning.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 * @returns the findings of an image's last scan; undefined if there is none yet.
 */
export async function scanFindings(
  ecr: ECRClient,
  repository: string,
  digest: string,
): Promise<Findings | undefined> {
  const { DescribeImageScanFindingsCommand, ScanNotFoundException } = await import('@aws-sdk/client-ecr');
  try {
    const { imageScanFindings, imageScanStatus } = await ecr.send(
      new DescribeImageScanFindingsCommand({
        repositoryName: repository,
        imageId: { imageDigest: digest },
        maxResults: 1,
      }),
    );
    const done = imageScanStatus?.status === 'COMPLETE' || imageScanStatus?.status === 'ACTIVE';
    return done ? (imageScanFindings?.findingSeverityCounts ?? {}) : undefined;
  } catch (error) {
    if (error instanceof ScanNotFoundException) return undefined;
    throw error;
  }
}

/** @returns the digests that ECR did not delete, with the reason. */
export async function removeImages(
  ecr: ECRClient,
  repository: string,
  digests: readonly string[],
): Promise<readonly { readonly digest: string; readonly reason: string }[]> {
  const { BatchDeleteImageCommand } = await import('@aws-sdk/client-ecr');
  const failed: { readonly digest: string; readonly reason: string }[] = [];
  for (let start = 0; start < digests.length; start += mostAtOnce) {
    const imageIds = digests.slice(start, start + mostAtOnce).map((imageDigest) => ({ imageDigest }));
    const { failures } = await ecr.send(
      new BatchDeleteImageCommand({ repositoryName: repository, imageIds }),
    );
    for (const { imageId, failureReason, failureCode } of failures ?? []) {
      failed.push({
        digest: imageId?.imageDigest ?? 'unknown',
        reason: failureReason ?? failureCode ?? 'ECR gives no reason',
      });
    }
  }
  return failed;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html */
const mostAtOnce = 100;
