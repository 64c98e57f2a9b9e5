import type { S3Client } from '@aws-sdk/client-s3';
import { stateBucketName, type StateOwner, stateOwners } from '../../config/names';
import { UserError } from '../../errors';

export interface BootstrapOptions {
  readonly s3: S3Client;
  /** The account that the buckets are named after, 12 digits. */
  readonly accountId: string;
  /** The region of the buckets. */
  readonly region: string;
  /** Whose state the account keeps. @default - that of all environments */
  readonly owners?: readonly StateOwner[];
}

export interface BootstrappedBucket {
  readonly bucket: string;
  /** Whether this run made it. */
  readonly made: boolean;
}

/**
 * Makes the buckets of Terraform's state that are missing, with versions kept from the first object on. All
 * else about them is the foundation's, which imports them.
 * @throws UserError when a name is taken by somebody else.
 */
export async function bootstrap(options: BootstrapOptions): Promise<readonly BootstrappedBucket[]> {
  const names = (options.owners ?? stateOwners).map((owner) => stateBucketName(options.accountId, owner));
  return Promise.all(names.map((bucket) => ensureBucket(bucket, options)));
}

async function ensureBucket(bucket: string, options: BootstrapOptions): Promise<BootstrappedBucket> {
  const { PutBucketVersioningCommand } = await import('@aws-sdk/client-s3');
  const made = !(await exists(bucket, options));
  if (made) await create(bucket, options);
  // Said again for a bucket that was there: an earlier run may have been stopped in between.
  await options.s3.send(
    new PutBucketVersioningCommand({
      Bucket: bucket,
      ExpectedBucketOwner: options.accountId,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  return { bucket, made };
}

async function exists(bucket: string, { s3, accountId }: BootstrapOptions): Promise<boolean> {
  const { HeadBucketCommand, NotFound, S3ServiceException } = await import('@aws-sdk/client-s3');
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: accountId }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    // An answer to HEAD has no body, so that the status is all that S3 says.
    if (status === 403) throw new UserError(taken(bucket));
    if (status === 301)
      throw new UserError(`the bucket ${bucket} exists in another region; set the table's region to it`);
    throw error;
  }
}

function taken(bucket: string): string {
  return `the bucket ${bucket} exists and is not yours to use: another account took the name, or your role lacks s3:ListBucket on it`;
}

async function create(bucket: string, { s3, region }: BootstrapOptions): Promise<void> {
  const { BucketAlreadyExists, BucketLocationConstraint, CreateBucketCommand } =
    await import('@aws-sdk/client-s3');
  const constraint = Object.values(BucketLocationConstraint).find((location) => location === region);
  const command = new CreateBucketCommand({
    Bucket: bucket,
    // us-east-1 is the one region that must not be named.
    CreateBucketConfiguration: constraint === undefined ? undefined : { LocationConstraint: constraint },
  });
  await s3.send(command).catch((error: unknown) => {
    throw error instanceof BucketAlreadyExists ? new UserError(taken(bucket)) : error;
  });
}
