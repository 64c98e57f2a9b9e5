/** @returns whether a version such as `1.11.4` is lower than another. A missing part counts as 0. */
export function isOlder(version: string, minimum: readonly number[]): boolean {
  const parts = version.split(/[.-]/).map(Number);
  for (const [index, least] of minimum.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
