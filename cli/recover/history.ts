import { z } from 'zod';
import { readObjectAt } from '../live/state';
import type { Target } from './target';

/** The location of a state and its history. */
type Kept = Pick<Target, 's3' | 'state'>;

/** One version of a state in the bucket. */
export interface StateVersion {
  /** The version id of S3. */
  readonly version: string;
  readonly written: Date;
  /** Its content; undefined if it is truncated or not a state. */
  readonly content?: StateContent;
}

export interface StateContent {
  /** It is incremented by each write of the same lineage. */
  readonly serial: number;
  /** Generated when a state is created. */
  readonly lineage: string;
  /** The addresses of the managed resources. */
  readonly addresses: readonly string[];
}

const stateSchema = z.object({
  version: z.literal(4),
  serial: z.int(),
  lineage: z.string(),
  resources: z.array(
    z.object({ mode: z.string(), type: z.string(), name: z.string(), instances: z.array(z.unknown()) }),
  ),
});

/** @returns the content of a state; undefined if the text is not a state, or only a part of one. */
export function readContent(text: string): StateContent | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const state = stateSchema.safeParse(parsed).data;
  if (state === undefined) return undefined;
  const addresses = state.resources
    .filter(({ mode, instances }) => mode === 'managed' && instances.length > 0)
    .map(({ type, name }) => `${type}.${name}`)
    .sort();
  return { serial: state.serial, lineage: state.lineage, addresses };
}

/** What is wrong with a state, and which of its versions is right. */
export interface StateDamage {
  /** As a clause: "is gone". */
  readonly what: string;
  readonly proposed: StateVersion & { readonly content: StateContent };
  /** What the proposed version contains and the current one does not. */
  readonly added: readonly string[];
  /** What the current version contains and the proposed one does not. */
  readonly removed: readonly string[];
}

/**
 * @param current the current state; undefined if there is no object.
 * @param versions those in the bucket, newest first.
 * @returns undefined if the state is intact, or if there is no better version.
 */
export function damageOf(
  current: string | undefined,
  versions: readonly StateVersion[],
): StateDamage | undefined {
  const content = current === undefined ? undefined : readContent(current);
  const whole = versions.flatMap((each) =>
    each.content === undefined ? [] : [{ ...each, content: each.content }],
  );
  const lineage = content?.lineage ?? whole[0]?.content.lineage;
  const best = whole
    .filter((each) => each.content.lineage === lineage)
    .sort((a, b) => b.content.serial - a.content.serial || b.written.getTime() - a.written.getTime())[0];
  if (best === undefined) return undefined;
  if (content !== undefined && content.serial >= best.content.serial) return undefined;
  const before = new Set(content?.addresses ?? []);
  const after = new Set(best.content.addresses);
  return {
    what: damageWords(current, content),
    proposed: best,
    added: [...after].filter((address) => !before.has(address)),
    removed: [...before].filter((address) => !after.has(address)),
  };
}

function damageWords(current: string | undefined, content: StateContent | undefined): string {
  if (current === undefined) return 'is gone';
  if (content === undefined) return 'cannot be read: it is truncated, or is not a state';
  return `is an older one (serial ${content.serial})`;
}

/** How many versions are read. Nobody would restore an older one without reading it first. */
const readVersions = 30;

/** @returns the versions of a state in the bucket, newest first, without delete markers. */
export async function stateVersions({ s3, state }: Kept): Promise<readonly StateVersion[]> {
  const { GetObjectCommand, ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: state.Bucket, Prefix: state.Key, MaxKeys: 1000 }),
  );
  const own = Versions.filter(({ Key }) => Key === state.Key)
    .sort((a, b) => (b.LastModified?.getTime() ?? 0) - (a.LastModified?.getTime() ?? 0))
    .slice(0, readVersions);
  return Promise.all(
    own.map(async ({ VersionId = '', LastModified = new Date(0) }) => {
      const { Body } = await s3.send(new GetObjectCommand({ ...state, VersionId }));
      const content = readContent((await Body?.transformToString()) ?? '');
      return { version: VersionId, written: LastModified, content };
    }),
  );
}

/** @returns what is wrong with a stack's state, and its versions in the bucket. */
export async function lookAtState(
  kept: Kept,
): Promise<{ readonly damage?: StateDamage; readonly versions: readonly StateVersion[] }> {
  const [found, versions] = await Promise.all([readObjectAt(kept.s3, kept.state), stateVersions(kept)]);
  return { damage: damageOf(found?.text, versions), versions };
}

/** Writes a version as the newest one. All others stay in the history. */
export async function restoreVersion({ s3, state }: Kept, version: string): Promise<void> {
  const { CopyObjectCommand } = await import('@aws-sdk/client-s3');
  const CopySource = `${state.Bucket}/${state.Key}?versionId=${encodeURIComponent(version)}`;
  await s3.send(new CopyObjectCommand({ ...state, CopySource }));
}
