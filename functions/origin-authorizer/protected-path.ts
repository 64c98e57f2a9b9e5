/** More rounds of percent-encoding than any client needs. A path that is still encoded then is treated as an attack. */
const mostRounds = 3;

/**
 * Whether a path is below one of the prefixes, in every form in which a server could read it: `//`, letter case and
 * percent-encoded letters do not bypass a prefix. A path that cannot be decoded is below all of them.
 * @param rawPath the path of the request.
 * @param prefixes paths such as `/api/v1/partners`, which cover themselves and everything below.
 */
export function isBelow(rawPath: string, prefixes: readonly string[]): boolean {
  if (prefixes.length === 0) {
    return false;
  }
  const path = segmentsOf(rawPath);
  return (
    path === undefined ||
    path.includes('..') ||
    prefixes.some((prefix) => (segmentsOf(prefix) ?? []).every((segment, index) => path[index] === segment))
  );
}

function segmentsOf(path: string): readonly string[] | undefined {
  return decoded(path)
    ?.toLowerCase()
    .split(/[/\\]/)
    .filter((segment) => segment !== '' && segment !== '.');
}

function decoded(path: string): string | undefined {
  let text = path;
  for (let round = 0; round < mostRounds; round++) {
    let next: string;
    try {
      next = decodeURIComponent(text);
    } catch (error) {
      if (error instanceof URIError) {
        return undefined;
      }
      throw error;
    }
    if (next === text) {
      return text;
    }
    text = next;
  }
  return undefined;
}
