import { UserError } from '../errors';

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment variables with which `kairos release`, and nothing else, passes a release to the stacks. */
export interface ReleaseInputs {
  /** The digest of the image to run. @default - the running image */
  readonly digest?: string;
  /** Who releases it, by their AWS identity. @default - unknown */
  readonly releasedBy?: string;
  /** The share of the requests that the new version gets, 0 to 1. 0 ends a canary. @default - unchanged */
  readonly canary?: number;
}

/** @throws if a variable is invalid. */
export function readRelease(shell: Variables): ReleaseInputs {
  return { digest: releasedDigest(shell), releasedBy: releasedBy(shell), canary: canaryShare(shell) };
}

/**
 * @returns the digest in `KAIROS_IMAGE_DIGEST`; undefined if it is not set.
 * @throws if it is not a digest.
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

/** The maximum length of a function's description, minus the text before the name. */
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
