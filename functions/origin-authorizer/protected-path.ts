/** More rounds of percent-encoding than anybody needs; what is still encoded then is taken for an attack. */
const mostRounds = 3;

/**
 * Whether a path lies below one of the prefixes, read as generously as any server could read it: `//`, other
 * letter cases and percent-encoded letters do not lead around a prefix. What cannot be read lies below all of them.
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
