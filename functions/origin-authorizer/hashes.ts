import { createHash, timingSafeEqual } from 'node:crypto';

/** Longer than any secret of ours; what is longer is refused before it is hashed. */
const longestValue = 256;

/** @returns the SHA-256 of a text. */
export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Compares hashes, so that neither the place of the first wrong character nor the length shows in the time it
 * takes, and compares with all of them, so that neither does which one it was.
 * @param value what the request carries.
 * @param admitted SHA-256 hashes of the values that are let in.
 */
export function isOneOf(value: string, admitted: readonly Buffer[]): boolean {
  if (value === '' || value.length > longestValue) {
    return false;
  }
  const hash = hashOf(value);
  return admitted.reduce((found, candidate) => timingSafeEqual(hash, candidate) || found, false);
}
