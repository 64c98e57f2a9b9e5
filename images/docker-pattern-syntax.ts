/**
 * @returns whether Go's `filepath.Match` accepts a pattern for the path ".". moby checks a pattern in this way, and
 * otherwise Docker says "syntax error in pattern". The check stops at the first part that does not match.
 * https://cs.opensource.google/go/go/+/refs/tags/go1.22.0:src/path/filepath/match.go
 */
export function isWellFormed(pattern: string): boolean {
  const [first = '', second = ''] = partsOf(pattern);
  const goesOn = isPart(first) && /^(?:\\?\.|\?|\[.*\])$/u.test(first) && matchesDot(first);
  return isPart(first) && (!goesOn || isPart(second));
}

function matchesDot(part: string): boolean {
  return !part.startsWith('[') || javascriptOf(`^${part}$`)?.test('.') === true;
}

/** @returns the parts between the stars. */
function partsOf(pattern: string): readonly string[] {
  const pieces = pattern.match(/\\[^]|\[(?:\\[^]|[^\\\]])*\]?|\*+|[^]/gu) ?? [];
  const parts = [''];
  for (const piece of pieces) {
    if (!piece.startsWith('*')) parts.push(`${parts.pop() ?? ''}${piece}`);
    else if (parts.length > 1 || parts[0] !== '') parts.push('');
  }
  return parts;
}

function isPart(part: string): boolean {
  // An element of a class is a character or an escaped character. A plain `-` or `]` is not an element.
  const element = String.raw`(?:\\[^]|[^\\\]\-])`;
  const oneClass = String.raw`\[\^?(?:${element}(?:-${element})?)+\]`;
  return new RegExp(String.raw`^(?:${oneClass}|\\[^]|[^\\[])*$`, 'u').test(part);
}

/** Go's escapes of a backslash and a letter, in JavaScript's syntax. https://pkg.go.dev/regexp/syntax */
const letters: Readonly<Record<string, string>> = {
  a: String.raw`\x07`,
  b: String.raw`\b`,
  B: String.raw`\B`,
  f: String.raw`\f`,
  n: String.raw`\n`,
  r: String.raw`\r`,
  t: String.raw`\t`,
  v: String.raw`\v`,
  d: '[0-9]',
  D: '[^0-9]',
  s: String.raw`[\t\n\f\r ]`,
  S: String.raw`[^\t\n\f\r ]`,
  w: '[0-9A-Za-z_]',
  W: '[^0-9A-Za-z_]',
};

/**
 * @param expression a regular expression of Go that was made from a pattern.
 * @returns the same for JavaScript; undefined if Go refuses it, or if it contains an escape that no useful pattern has
 * (`\p`, `\x`, `\Q`, a digit).
 */
export function javascriptOf(expression: string): RegExp | undefined {
  const characters = Array.from(expression);
  let made = '';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '[') {
      const found = classAt(characters, at + 1);
      if (found === undefined) return undefined;
      made += found.made;
      at = found.end;
    } else if (character === '\\') {
      at += 1;
      const escape = escaped(characters[at] ?? '');
      if (escape === undefined) return undefined;
      made += escape;
    } else if (character === '.') {
      made += String.raw`[^\n]`;
    } else if (character === '{') {
      const repetition = repetitionAt(characters, at);
      made += repetition ?? literal(character);
      at += repetition === undefined ? 0 : repetition.length - 1;
    } else {
      made += '^$()?*|'.includes(character) ? character : literal(character);
    }
  }
  return compiled(made);
}

/** @returns a repetition, such as `{2,3}`. Any other form is literal text. */
function repetitionAt(characters: readonly string[], at: number): string | undefined {
  return /^\{\d+(?:,\d*)?\}/.exec(characters.slice(at).join(''))?.[0];
}

function compiled(expression: string): RegExp | undefined {
  try {
    return new RegExp(expression, 'u');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

interface FoundClass {
  readonly made: string;
  /** The position of its closing bracket. */
  readonly end: number;
}

/** @returns undefined if Go refuses the class. */
function classAt(characters: readonly string[], start: number): FoundClass | undefined {
  const isNegated = characters[start] === '^';
  const first = isNegated ? start + 1 : start;
  let made = '';
  for (let at = first; at < characters.length; at += 1) {
    if (characters[at] === ']' && at > first) return { made: `[${isNegated ? '^' : ''}${made}]`, end: at };
    // In Go, a class may contain a named class, such as [:alpha:].
    if (characters[at] === '[' && characters[at + 1] === ':') return undefined;
    const low = elementAt(characters, at);
    if (low === undefined) return undefined;
    at = low.end;
    if (characters[at + 1] !== '-' || characters[at + 2] === ']' || characters[at + 2] === undefined) {
      made += low.made;
      continue;
    }
    const high = elementAt(characters, at + 2);
    if (high?.character === undefined || low.character === undefined) return undefined;
    if ((high.character.codePointAt(0) ?? 0) < (low.character.codePointAt(0) ?? 0)) return undefined;
    made += `${low.made}-${high.made}`;
    at = high.end;
  }
  return undefined;
}

interface Element {
  readonly made: string;
  /** The position of its end. */
  readonly end: number;
  /** The only character in it. @default - it is a set of characters */
  readonly character?: string;
}

function elementAt(characters: readonly string[], at: number): Element | undefined {
  const character = characters[at] ?? '';
  if (character !== '\\') return { made: literal(character), end: at, character };
  const next = characters[at + 1] ?? '';
  const made = escaped(next);
  if (made === undefined || next.toLowerCase() === 'b') return undefined;
  // A set has no brackets inside another set. A negated set cannot be written there.
  if (!made.startsWith('[')) return { made, end: at + 1, character: next };
  return made.startsWith('[^') ? undefined : { made: made.slice(1, -1), end: at + 1 };
}

function escaped(character: string): string | undefined {
  if (/^[A-Za-z]$/.test(character)) return letters[character];
  return /^[\0-\x7f]$/.test(character) && !/[0-9]/.test(character) ? literal(character) : undefined;
}

function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
