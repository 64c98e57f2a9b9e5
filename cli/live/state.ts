import type { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { environmentNames, namesOf, stateBucketName } from '../../config/names';
import type { LiveEnvironment } from './environment';

/** The state of an environment's last apply. */
export interface AppliedState {
  /** It is incremented by each write. */
  readonly serial: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** When it was written. */
  readonly written?: Date;
}

const stateSchema = z.object({
  serial: z.int(),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});

/** The location of an environment's state, with its lock next to it. */
export function stateObject({ configuration, name, names }: LiveEnvironment): {
  readonly Bucket: string;
  readonly Key: string;
} {
  return { Bucket: stateBucketName(configuration.accountId, name), Key: `${names.stack}.tfstate` };
}

/** @returns the outputs of the last apply; undefined if there was none. */
export async function readState(environment: LiveEnvironment): Promise<AppliedState | undefined> {
  const found = await readObject(environment, stateObject(environment).Key);
  if (found === undefined) return undefined;
  const { serial, outputs } = stateSchema.parse(JSON.parse(found.text));
  const texts = Object.entries(outputs).map(([name, { value }]) => [name, String(value)] as const);
  return { serial, outputs: Object.fromEntries(texts), written: found.written };
}

/** @returns an object of the environment's state bucket; undefined if there is none. */
export function readObject(environment: LiveEnvironment, key: string): Promise<StoredObject | undefined> {
  return readObjectAt(environment.s3, { Bucket: stateObject(environment).Bucket, Key: key });
}

/** Stores an object in the environment's state bucket, as JSON. */
export async function writeObject(environment: LiveEnvironment, key: string, value: object): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  await environment.s3.send(
    new PutObjectCommand({
      Bucket: stateObject(environment).Bucket,
      Key: key,
      Body: `${JSON.stringify(value, undefined, 2)}\n`,
      ContentType: 'application/json',
    }),
  );
}

/** The location of an object in S3. */
export interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

export interface StoredObject {
  readonly text: string;
  readonly written?: Date;
}

/** @returns the location of a stack's state. */
export function stateAddress(accountId: string, stack: string): ObjectAddress {
  const owner = environmentNames.find((name) => namesOf(name).stack === stack) ?? 'shared';
  return { Bucket: stateBucketName(accountId, owner), Key: `${stack}.tfstate` };
}

/** @returns an object; undefined if there is none. */
export async function readObjectAt(s3: S3Client, address: ObjectAddress): Promise<StoredObject | undefined> {
  const { GetObjectCommand, NoSuchBucket, NoSuchKey } = await import('@aws-sdk/client-s3');
  try {
    const { Body, LastModified } = await s3.send(new GetObjectCommand(address));
    return { text: (await Body?.transformToString()) ?? '', written: LastModified };
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof NoSuchBucket) return undefined;
    throw error;
  }
}
