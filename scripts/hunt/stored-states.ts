import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import type { CloudRecord } from '../../cli/local/home';
import { stateBucketName, stateOwners } from '../../config/names';
import { type HuntedAccount, rootOf } from './accounts';
import type { Artefact } from './secret-hunt';

/**
 * @returns every version of every object in an account's state buckets: states, locks, objects of releases.
 */
export async function* storedStates(record: CloudRecord, account: HuntedAccount): AsyncGenerator<Artefact> {
  const client = new S3Client({ ...rootOf(record, account), forcePathStyle: true });
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  // An account has only the buckets of its own environments.
  for (const Bucket of stateOwners.map((owner) => stateBucketName(account.accountId, owner))) {
    if (!Buckets.some(({ Name }) => Name === Bucket)) continue;
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const after = { KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker };
      page = await client.send(new ListObjectVersionsCommand({ Bucket, ...after }));
      for (const { Key = '', VersionId } of page.Versions ?? []) {
        const read = async function* () {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
          yield (await Body?.transformToByteArray()) ?? new Uint8Array();
        };
        yield { name: `s3://${Bucket}/${Key}, version ${VersionId ?? 'none'}`, read };
      }
    } while (page.NextKeyMarker !== undefined);
  }
}
