import { z } from 'zod';
import { stateBucketName } from '../../config/names';
import type { LiveEnvironment } from './environment';

/** What Terraform remembers of an environment's last apply. */
export interface AppliedState {
  /** Grows by one with each write. */
  readonly serial: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** When it was written. */
  readonly written?: Date;
}

const stateSchema = z.object({
  serial: z.int(),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});

/** Where an environment's state lies, and its lock beside it. */
export function stateObject({ configuration, name, names }: LiveEnvironment): {
  readonly Bucket: string;
  readonly Key: string;
} {
  return { Bucket: stateBucketName(configuration.accountId, name), Key: `${names.stack}.tfstate` };
}

/** @returns the outputs of the last apply, or nothing when there was none. */
export async function readState(environment: LiveEnvironment): Promise<AppliedState | undefined> {
  const found = await readObject(environment, stateObject(environment).Key);
  if (found === undefined) return undefined;
  const { serial, outputs } = stateSchema.parse(JSON.parse(found.text));
  const texts = Object.entries(outputs).map(([name, { value }]) => [name, String(value)] as const);
  return { serial, outputs: Object.fromEntries(texts), written: found.written };
}

/** @returns an object of the environment's state bucket, or nothing when there is none. */
export async function readObject(
  environment: LiveEnvironment,
  key: string,
): Promise<{ readonly text: string; readonly written?: Date } | undefined> {
  const { GetObjectCommand, NoSuchBucket, NoSuchKey } = await import('@aws-sdk/client-s3');
  try {
    const { Body, LastModified } = await environment.s3.send(
      new GetObjectCommand({ Bucket: stateObject(environment).Bucket, Key: key }),
    );
    return { text: (await Body?.transformToString()) ?? '', written: LastModified };
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof NoSuchBucket) return undefined;
    throw error;
  }
}
