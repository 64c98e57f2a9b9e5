import { UserError } from '../errors';

type Variables = Readonly<Record<string, string | undefined>>;

/** What a release tells the stacks by environment variables; `kairos release` sets them, and nothing else does. */
export interface ReleaseInputs {
  /** The digest of the image to run. @default - the one that runs already */
  readonly digest?: string;
  /** Who releases it, as AWS knows them. @default - nobody who is known */
  readonly releasedBy?: string;
  /** The share of the requests that the new version gets, 0 to 1; 0 ends a canary. @default - as it is */
  readonly canary?: number;
}

/** @throws when a variable is not what it should be. */
export function readRelease(shell: Variables): ReleaseInputs {
  return { digest: releasedDigest(shell), releasedBy: releasedBy(shell), canary: canaryShare(shell) };
}

/**
 * @returns the digest that `KAIROS_IMAGE_DIGEST` names; nothing when it is not set.
 * @throws when it is not a digest.
 */
export function releasedDigest(shell: Variables): string | undefined {
  const digest = shell.KAIROS_IMAGE_DIGEST ?? '';
  if (digest === '') return undefined;
  if (isDigest(digest)) return digest;
  throw new UserError(
    `KAIROS_IMAGE_DIGEST is "${digest}"; expected sha256: and 64 hex digits, as the output image_digest prints it`,
  );
}

/** @returns whether a text is the digest of an image. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** What a description of a function may be in length, less what stands before the name. */
const longestName = 200;

function releasedBy(shell: Variables): string | undefined {
  const name = (shell.KAIROS_RELEASED_BY ?? '').slice(0, longestName);
  return name === '' ? undefined : name;
}

function canaryShare(shell: Variables): number | undefined {
  const text = shell.KAIROS_CANARY ?? '';
  if (text === '') return undefined;
  const share = Number(text);
  if (share >= 0 && share < 1) return share;
  throw new UserError(
    `KAIROS_CANARY is "${text}"; expected the share of the requests for the new version, such as 0.1, or 0 to end a canary`,
  );
}
