import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { labelsOf } from '../image/registry';
import { digestOfVersion, type Live } from './alias';
import type { LiveEnvironment } from './environment';

/** A published version, and its image. */
export interface PublishedVersion {
  readonly version: string;
  readonly digest: string;
  /** When it was published. */
  readonly published: string;
  /** Who released it, by their AWS identity. @default - unknown */
  readonly releasedBy?: string;
  /** The backend's version, from the image's label. @default - unknown */
  readonly backend?: string;
  /** The backend's commit, from the image's label. @default - unknown */
  readonly commit?: string;
  /** Whether the image is missing in ECR. Such a version may not start. */
  readonly imageGone: boolean;
  /** The share of the requests that it gets, 0 to 1. */
  readonly share: number;
}

/** The length of a list of versions, and of the search for the previous version. */
const listedVersions = 10;

/** @returns the newest versions, newest first. The live version is always included, however old it is. */
export async function listVersions(
  environment: LiveEnvironment,
  live: Live,
  count: number = listedVersions,
): Promise<readonly PublishedVersion[]> {
  const all = await publishedVersions(environment);
  const newest = all.slice(0, count);
  const shown = [...newest, ...all.slice(count).filter(({ Version }) => Version === live.version)];
  return Promise.all(shown.map((configuration) => describe(environment, live, configuration)));
}

async function publishedVersions({
  lambda,
  names,
}: LiveEnvironment): Promise<readonly FunctionConfiguration[]> {
  const { paginateListVersionsByFunction } = await import('@aws-sdk/client-lambda');
  const found: FunctionConfiguration[] = [];
  for await (const page of paginateListVersionsByFunction(
    { client: lambda },
    { FunctionName: names.function },
  )) {
    found.push(...(page.Versions ?? []));
  }
  return found
    .filter(({ Version }) => Version !== '$LATEST')
    .sort((a, b) => Number(b.Version) - Number(a.Version));
}

async function describe(
  environment: LiveEnvironment,
  live: Live,
  { Version = '', LastModified = '', Description = '' }: FunctionConfiguration,
): Promise<PublishedVersion> {
  const { configuration, ecr } = environment;
  const digest = await digestOfVersion(environment, Version);
  const labels = await labelsOf({ ecr, repository: configuration.image.repository, digest });
  return {
    version: Version,
    digest,
    published: new Date(LastModified).toISOString(),
    releasedBy: releaserIn(Description),
    backend: labels?.version,
    commit: labels?.revision,
    imageGone: labels === undefined,
    share: shareOf(live, Version),
  };
}

/** @returns when a version was published. */
export async function publishedAt({ lambda, names }: LiveEnvironment, version: string): Promise<Date> {
  const { GetFunctionCommand } = await import('@aws-sdk/client-lambda');
  const { Configuration } = await lambda.send(
    new GetFunctionCommand({ FunctionName: names.function, Qualifier: version }),
  );
  return new Date(Configuration?.LastModified ?? '');
}

/** @returns who released a version, by its description. */
export function releaserIn(description: string): string | undefined {
  const name = /^released by (.+)$/.exec(description)?.[1];
  return name === 'unknown' || name === 'none' ? undefined : name;
}

/** @returns the share of the requests that a version gets, 0 to 1. */
export function shareOf({ version, weights }: Live, asked: string): number {
  const rest = 1 - Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return asked === version ? rest : (weights[asked] ?? 0);
}

/** A version and its image, from the data that every version of the function contains. */
export type HistoryEntry = Pick<PublishedVersion, 'version' | 'digest'>;

/** @returns every version, newest first. Only the whole history shows which versions were rollbacks. */
export async function historyOf(environment: LiveEnvironment): Promise<readonly HistoryEntry[]> {
  const all = await publishedVersions(environment);
  return all.map(({ Version = '', Environment, CodeSha256 = '' }) => ({
    version: Version,
    // The variable is part of the version. The checksum of an image's code is its digest too.
    digest: Environment?.Variables?.KAIROS_IMAGE_DIGEST ?? `sha256:${CodeSha256}`,
  }));
}

/** @returns the version to which a rollback goes: that of the previous image that ECR still has. */
export async function wayBack(
  environment: LiveEnvironment,
  live: Pick<Live, 'digest'>,
): Promise<PublishedVersion | undefined> {
  const history = await historyOf(environment);
  const gone = new Set<string>();
  for (;;) {
    const before = versionBefore(history, live, gone);
    if (before === undefined) return undefined;
    const found = await findVersion(environment, before.version);
    if (found?.imageGone !== true) return found;
    gone.add(before.digest);
  }
}

/** @returns a version of any age; undefined if there is none. @param asked a version, or a digest. */
export async function findVersion(
  environment: LiveEnvironment,
  asked: string,
): Promise<PublishedVersion | undefined> {
  const entry = (await historyOf(environment)).find(
    ({ version, digest }) => version === asked || digest === asked,
  );
  const configuration = (await publishedVersions(environment)).find(
    ({ Version }) => Version === entry?.version,
  );
  const nowhere = { version: '', digest: '', weights: {}, revision: '' };
  return configuration && describe(environment, nowhere, configuration);
}

/**
 * If an image appears again after other images, it was a rollback. The images in between were rolled back, and are no
 * targets for a rollback. So two rollbacks go back two images, and never to one that was rolled back.
 * @param history all versions, newest first.
 * @param gone the digests that are missing in ECR.
 * @returns the newest version of the image that was live before the live one.
 */
export function versionBefore(
  history: readonly HistoryEntry[],
  live: Pick<Live, 'digest'>,
  gone: ReadonlySet<string> = new Set(),
): HistoryEntry | undefined {
  const kept: string[] = [];
  for (const { digest } of [...history].reverse()) {
    const index = kept.indexOf(digest);
    if (index >= 0) kept.splice(index + 1);
    else kept.push(digest);
  }
  const index = kept.indexOf(live.digest);
  const before = index >= 0 ? kept.slice(0, index) : kept;
  const image = before.filter((digest) => !gone.has(digest)).at(-1);
  return history.find(({ digest }) => digest === image);
}
