import type { S3Client } from '@aws-sdk/client-s3';
import { stateBucketName, type StateOwner, stateOwners } from '../../config/names';
import { UserError } from '../../errors';

export interface BootstrapOptions {
  readonly s3: S3Client;
  /** The account in the names of the buckets, 12 digits. */
  readonly accountId: string;
  /** The region of the buckets. */
  readonly region: string;
  /** The owners of the states in the account. @default - all environments */
  readonly owners?: readonly StateOwner[];
}

export interface BootstrappedBucket {
  readonly bucket: string;
  /** Whether this run created it. */
  readonly made: boolean;
}

/**
 * Creates the missing buckets for Terraform's state, with versioning from the first object on. The foundation imports
 * the buckets and manages all their other settings.
 * @throws UserError if a bucket name belongs to another account.
 */
export async function bootstrap(options: BootstrapOptions): Promise<readonly BootstrappedBucket[]> {
  const names = (options.owners ?? stateOwners).map((owner) => stateBucketName(options.accountId, owner));
  return Promise.all(names.map((bucket) => ensureBucket(bucket, options)));
}

async function ensureBucket(bucket: string, options: BootstrapOptions): Promise<BootstrappedBucket> {
  const { PutBucketVersioningCommand } = await import('@aws-sdk/client-s3');
  const made = !(await exists(bucket, options));
  if (made) await create(bucket, options);
  // Repeated for an existing bucket, because an earlier run may have been stopped before this call.
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
    // A response to HEAD has no body, so S3 only returns the status.
    if (status === 403) throw new UserError(taken(bucket));
    if (status === 301)
      throw new UserError(`the bucket ${bucket} exists in another region; set the table's region to it`);
    throw error;
  }
}

function taken(bucket: string): string {
  return `the bucket ${bucket} exists, but you may not use it: it belongs to another account, or your role lacks s3:ListBucket on it`;
}

async function create(bucket: string, { s3, region }: BootstrapOptions): Promise<void> {
  const { BucketAlreadyExists, BucketLocationConstraint, CreateBucketCommand } =
    await import('@aws-sdk/client-s3');
  const constraint = Object.values(BucketLocationConstraint).find((location) => location === region);
  const command = new CreateBucketCommand({
    Bucket: bucket,
    // us-east-1 is the only region that must not be named.
    CreateBucketConfiguration: constraint === undefined ? undefined : { LocationConstraint: constraint },
  });
  await s3.send(command).catch((error: unknown) => {
    throw error instanceof BucketAlreadyExists ? new UserError(taken(bucket)) : error;
  });
}
