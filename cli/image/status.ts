import type { EnvironmentName } from '../../config/names';
import { digestOfVersion, readLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { type Findings, scanFindings, type StoredImage, storedImages } from './repository';

/** An image, and the environments that run it. */
export interface ShownImage extends Omit<StoredImage, 'pushed'> {
  readonly pushed: string;
  /** Whether it is the image of the backend's current source. */
  readonly isSource: boolean;
  /** The environments in which it gets requests: all, or a share in a canary. */
  readonly environments: readonly EnvironmentName[];
  /** The findings of its last scan by severity. @default - no scan has finished yet */
  readonly findings?: Findings;
}

export interface ImageStatus {
  /** Newest first. */
  readonly images: readonly ShownImage[];
  /** The number of images in the repository. */
  readonly total: number;
}

/** How many images are shown, in addition to the running images and that of the source. */
const shownImages = 10;

/**
 * @param environments all of them, in one account.
 * @param sourceTag the tag of the backend's source. @default - there is no source
 */
export async function imageStatus(
  environments: readonly LiveEnvironment[],
  sourceTag?: string,
): Promise<ImageStatus> {
  const [first] = environments;
  if (first === undefined) return { images: [], total: 0 };
  const { ecr, configuration } = first;
  const { repository } = configuration.image;
  const stored = await storedImages(ecr, repository);
  const running = await Promise.all(environments.map(digestsOf));
  const environmentsOf = (digest: string) =>
    environments.filter((_, index) => running[index]?.includes(digest)).map(({ name }) => name);
  const described = stored.map((image) => ({
    ...image,
    pushed: image.pushed.toISOString(),
    isSource: sourceTag !== undefined && image.tags.includes(sourceTag),
    environments: environmentsOf(image.digest),
  }));
  const shown = described.filter(
    ({ isSource, environments: by }, index) => index < shownImages || isSource || by.length > 0,
  );
  const images = await Promise.all(
    shown.map(async (image) => ({ ...image, findings: await scanFindings(ecr, repository, image.digest) })),
  );
  return { images, total: stored.length };
}

/** @returns the images that get requests in an environment. */
async function digestsOf(environment: LiveEnvironment): Promise<readonly string[]> {
  const live = await readLive(environment);
  if (live === undefined) return [];
  const others = Object.keys(live.weights).map((version) => digestOfVersion(environment, version));
  return [live.digest, ...(await Promise.all(others))];
}

/** @returns findings in one line, most severe first. */
export function findingsLine(findings: Findings | undefined): string {
  if (findings === undefined) return 'not scanned';
  const found = severities.flatMap((severity) => {
    const count = findings[severity] ?? 0;
    return count === 0 ? [] : [`${count} ${severity.toLowerCase()}`];
  });
  return found.length === 0 ? 'none' : found.join(', ');
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFindings.html */
const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED'] as const;

/** @returns a size in readable units. */
export function sizeLine(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}
