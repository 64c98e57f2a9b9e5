import type { ECRClient } from '@aws-sdk/client-ecr';

/** The existing image repository. */
export interface LiveRepository {
  readonly name: string;
  /** AES256 or KMS. It cannot be changed. */
  readonly encryption: string;
  /** Whether tags are mutable. */
  readonly movesTags: boolean;
  /** Whether the running image has a tag; undefined if the image does not exist. */
  readonly runningIsTagged?: boolean;
}

/** @param digest of the running image. @returns undefined if there is no such repository. */
export async function readRepository(
  ecr: ECRClient,
  name: string,
  digest: string | undefined,
): Promise<LiveRepository | undefined> {
  const { DescribeRepositoriesCommand } = await import('@aws-sdk/client-ecr');
  const answer = await unlessMissing(
    ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
    'RepositoryNotFoundException',
  );
  const [found] = answer?.repositories ?? [];
  if (found === undefined) return undefined;
  return {
    name,
    encryption: found.encryptionConfiguration?.encryptionType ?? 'AES256',
    movesTags: found.imageTagMutability !== 'IMMUTABLE',
    runningIsTagged: digest === undefined ? undefined : await isTagged(ecr, name, digest),
  };
}

async function isTagged(ecr: ECRClient, repositoryName: string, imageDigest: string) {
  const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr');
  const answer = await unlessMissing(
    ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] })),
    'ImageNotFoundException',
  );
  const [image] = answer?.imageDetails ?? [];
  return image === undefined ? undefined : (image.imageTags ?? []).length > 0;
}

async function unlessMissing<T>(answer: Promise<T>, name: string): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === name) return undefined;
    throw error;
  }
}
