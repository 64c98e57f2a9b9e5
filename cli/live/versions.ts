import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { labelsOf } from '../image/registry';
import { digestOfVersion, type Live } from './alias';
import type { LiveEnvironment } from './environment';

/** A version that was published, and the image that it runs. */
export interface PublishedVersion {
  readonly version: string;
  readonly digest: string;
  /** When it was published. */
  readonly published: string;
  /** Who released it, as AWS knows them. @default - its description does not say */
  readonly releasedBy?: string;
  /** The backend's version, by the image's label. @default - the image does not say */
  readonly backend?: string;
  /** The backend's commit, by the image's label. @default - the image does not say */
  readonly commit?: string;
  /** Whether ECR has lost the image: such a version cannot be counted on to start. */
  readonly imageGone: boolean;
  /** The share of the requests that it gets, 0 to 1. */
  readonly share: number;
}

/** How many versions a list shows, and a way back is looked for among. */
const listedVersions = 10;

/** @returns the newest versions, the newest first; what is live is among them, however old it is. */
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

/** A version and its image, as much as every version of the function says by itself. */
export type HistoryEntry = Pick<PublishedVersion, 'version' | 'digest'>;

/** @returns every version, the newest first: what was rolled back to shows only in the whole history. */
export async function historyOf(environment: LiveEnvironment): Promise<readonly HistoryEntry[]> {
  const all = await publishedVersions(environment);
  return all.map(({ Version = '', Environment, CodeSha256 = '' }) => ({
    version: Version,
    // The variable is part of the version; the checksum of an image's code is its digest too.
    digest: Environment?.Variables?.KAIROS_IMAGE_DIGEST ?? `sha256:${CodeSha256}`,
  }));
}

/**
 * @returns the version to go back to from what is live: of the image before that ECR still has.
 */
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

/** @returns a version, whatever its age, or nothing when there is none. @param asked a version, or a digest. */
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
 * An image that comes again after others was rolled back to: those were left, and are no way back. So going back twice
 * leads two images back, and never to one that was rolled back.
 * @param history all versions, the newest first.
 * @param gone the digests that ECR has lost.
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
