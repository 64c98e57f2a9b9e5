import { createHash, timingSafeEqual } from 'node:crypto';

/** Longer than any of our secrets. A longer value is refused before it is hashed. */
const longestValue = 256;

/** @returns the SHA-256 of a text. */
export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Compares hashes, so that the duration shows neither the position of the first wrong character nor the length. It
 * compares with all of them, so that the duration does not show which one matched.
 * @param value the value in the request.
 * @param admitted SHA-256 hashes of the accepted values.
 */
export function isOneOf(value: string, admitted: readonly Buffer[]): boolean {
  if (value === '' || value.length > longestValue) {
    return false;
  }
  const hash = hashOf(value);
  return admitted.reduce((found, candidate) => timingSafeEqual(hash, candidate) || found, false);
}
