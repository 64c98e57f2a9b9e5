import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { join } from 'node:path';
import { sourceContext } from '../../cli/image/push';
import { putLocalImage } from '../../cli/local/image';
import { allow } from '../../cli/rights';
import { configuration } from '../../config/environments';
import { type EnvironmentName, namesOf, stateBucketName } from '../../config/names';
import { exampleBackend, putChangedExample } from '../../scripts/backend-image';
import { createRole } from './aws';
import type { BareCloud } from './bare-cloud';

/** The digests of two images. */
export interface TwoImages {
  /** The image of version 1. */
  readonly older: string;
  /** The image of version 2, which is live: that of the backend's source, by its tag. */
  readonly newer: string;
}

/** Pushes them, into a repository that is created for them. */
export async function putTwoImages(cloud: BareCloud): Promise<TwoImages> {
  const { image } = configuration;
  const ecr = new ECRClient(cloud.clientOptions);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: image.repository }));
  const older = await putChangedExample(cloud, join('kairos', 'routes', 'root.py'), (text) =>
    text.replace('Hello', 'Hello from before'),
  );
  const environment = { KAIROS_BACKEND_PATH: exampleBackend };
  const { digest: newer } = await putLocalImage({
    ecr,
    home: cloud.home,
    repository: image.repository,
    context: sourceContext(image, environment),
    shell: cloud.shell,
    onProgress: () => undefined,
  });
  return { older, newer };
}

/**
 * Creates what a release leaves in an environment that is not deployed: a function with two versions, an alias, a
 * state, and the result of a smoke test. The state buckets must exist.
 */
export async function publishTwoVersions(
  cloud: Pick<BareCloud, 'clientOptions'>,
  { older, newer }: TwoImages,
  name: EnvironmentName,
): Promise<void> {
  const { accountId, region, image } = configuration;
  const { function: FunctionName, alias, stack, smokeRecord } = namesOf(name);
  const { clientOptions } = cloud;
  const registry = `${accountId}.dkr.ecr.${region}.amazonaws.com/${image.repository}`;
  const lambda = new LambdaClient(clientOptions);
  const waits = { client: lambda, minDelay: 1, maxWaitTime: 60 };
  const iam = new IAMClient(clientOptions);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      PackageType: 'Image',
      Code: { ImageUri: `${registry}@${older}` },
      Role: await createRole(iam, FunctionName, accountId, [allow(['logs:PutLogEvents'], '*')]),
      Publish: true,
    }),
  );
  await waitUntilFunctionActiveV2(waits, { FunctionName });
  const ImageUri = `${registry}@${newer}`;
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ImageUri, Publish: true }));
  await waitUntilFunctionUpdatedV2(waits, { FunctionName });
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: alias, FunctionVersion: '2' }));

  const outputs = {
    live_version: '2',
    function_version: '2',
    canary_share: 'none',
    image_digest: newer,
  };
  const s3 = new S3Client(clientOptions);
  const Bucket = stateBucketName(accountId, name);
  const typed = Object.entries(outputs).map(([key, value]) => [key, { value, type: 'string' }] as const);
  const state = { version: 4, serial: 1, lineage: 'one', resources: [], outputs: Object.fromEntries(typed) };
  await s3.send(new PutObjectCommand({ Bucket, Key: `${stack}.tfstate`, Body: JSON.stringify(state) }));
  const record = { version: '2', digest: newer, at: new Date(), passed: true, paths: [] };
  await s3.send(new PutObjectCommand({ Bucket, Key: smokeRecord, Body: JSON.stringify(record) }));
}
