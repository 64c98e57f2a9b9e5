import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accessKeyOf } from '../cli/local/accounts';
import type { CloudRecord } from '../cli/local/home';
import { endpointOf } from '../cli/local/server';
import { stateBucketName, stateOwners } from '../config/names';
import type { Artefact } from './secret-hunt';

/** @returns the files in a folder, without the targets of links. */
export function* filesBelow(folder: string): Generator<Artefact> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    if (entry.isFile())
      yield { name: `${path} of ${statSync(path).mtime.toISOString()}`, read: () => readFile(path) };
  }
}

/**
 * @param accountId of the buckets. @default - the local cloud's own account
 * @returns every version of every object in the state buckets of a local cloud: states, locks, objects of releases.
 */
export async function* storedStates(
  record: CloudRecord,
  accountId: string = record.accountId,
): AsyncGenerator<Artefact> {
  const client = new S3Client({
    endpoint: endpointOf(record),
    region: record.region,
    forcePathStyle: true,
    credentials: { accessKeyId: accessKeyOf(record.accountId, accountId), secretAccessKey: 'test' },
  });
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  // An account has the buckets of those environments only that live in it.
  for (const Bucket of stateOwners.map((owner) => stateBucketName(accountId, owner))) {
    if (!Buckets.some(({ Name }) => Name === Bucket)) continue;
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const after = { KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker };
      page = await client.send(new ListObjectVersionsCommand({ Bucket, ...after }));
      for (const { Key = '', VersionId } of page.Versions ?? []) {
        const read = async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
          return Buffer.from((await Body?.transformToByteArray()) ?? []);
        };
        yield { name: `s3://${Bucket}/${Key}, version ${VersionId ?? 'none'}`, read };
      }
    } while (page.NextKeyMarker !== undefined);
  }
}
