import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { stateVersions } from '../../cli/recover/history';
import { type EnvironmentName, namesOf, stateBucketName } from '../../config/names';
import type { Look } from '../kills/look';

/** A damage to the state of an environment. */
export const harms = ['deleted', 'cut off', 'replaced by an older one', 'deleted with its history'] as const;

export type Harm = (typeof harms)[number];

/** Does it. @returns what was done, if its name does not say everything. */
export async function harm(
  what: Harm,
  { accountId, environment }: { readonly accountId: string; readonly environment: EnvironmentName },
  { clientOptions }: Pick<Look, 'clientOptions'>,
): Promise<string> {
  const s3 = new S3Client({ ...clientOptions, forcePathStyle: true });
  const state = {
    Bucket: stateBucketName(accountId, environment),
    Key: `${namesOf(environment).stack}.tfstate`,
  };
  switch (what) {
    case 'deleted':
      await s3.send(new DeleteObjectCommand(state));
      return '';
    case 'cut off': {
      const text = await read(s3, state);
      await s3.send(new PutObjectCommand({ ...state, Body: text.slice(0, text.length / 2) }));
      return '';
    }
    case 'replaced by an older one': {
      const { version, content } = await oldest(s3, state);
      await s3.send(
        new PutObjectCommand({ ...state, Body: await read(s3, { ...state, VersionId: version }) }),
      );
      return `with ${content?.addresses.length ?? 0} resources`;
    }
    case 'deleted with its history': {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket: state.Bucket, Prefix: state.Key }));
      const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      for (const { Key, VersionId } of all.filter((each) => each.Key === state.Key)) {
        await s3.send(new DeleteObjectCommand({ Bucket: state.Bucket, Key, VersionId }));
      }
      return `${all.length} versions`;
    }
  }
}

async function read(s3: S3Client, address: GetObjectCommand['input']): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand(address));
  return (await Body?.transformToString()) ?? '';
}

/** @returns the oldest readable version. */
async function oldest(s3: S3Client, state: { readonly Bucket: string; readonly Key: string }) {
  const versions = await stateVersions({ s3, state });
  const serial = (version: (typeof versions)[number]) => version.content?.serial ?? Number.MAX_VALUE;
  const [first] = [...versions].sort((a, b) => serial(a) - serial(b));
  if (first === undefined) throw new Error('the state has no version');
  return first;
}
