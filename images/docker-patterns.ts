import { posix } from 'node:path';
import { UserError } from '../errors';
import { isWellFormed, javascriptOf } from './docker-pattern-syntax';

/**
 * Reads `.dockerignore` like Docker: https://github.com/moby/patternmatcher, v0.6.1, function by function. Its
 * accidental behaviour is kept too, because a build has it.
 */
interface Pattern {
  readonly isException: boolean;
  matches(path: string): boolean;
}

/** The patterns that have matched a folder. The paths below it depend on them. */
type Matched = readonly boolean[];

/**
 * @returns the patterns of a `.dockerignore`.
 * https://github.com/moby/patternmatcher/blob/v0.6.1/ignorefile/ignorefile.go
 */
export function patternsIn(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map(trimmed)
    .filter((line) => line !== '')
    .map((line) => {
      const isException = line.startsWith('!');
      const pattern = isException ? trimmed(line.slice(1)) : line;
      const path = pattern === '' ? '' : cleaned(pattern);
      return `${isException ? '!' : ''}${path.length > 1 && path.startsWith('/') ? path.slice(1) : path}`;
    });
}

/** Says for each path whether a build leaves it out. */
export class DockerPatterns {
  private readonly patterns: readonly Pattern[];
  private readonly exceptions: readonly string[];
  private readonly folders = new Map<string, Matched>();

  /** @throws UserError for a pattern that Docker refuses, now or when it is applied to a path. */
  constructor(patterns: readonly string[]) {
    const texts = patterns
      .map(trimmed)
      .filter((text) => text !== '')
      .map(cleaned);
    this.patterns = texts.map(patternOf);
    this.exceptions = texts.filter((text) => text.startsWith('!')).map((text) => text.slice(1));
  }

  /** @param path relative to the context, with slashes. */
  ignores(path: string): boolean {
    return this.judge(path).ignored;
  }

  /** @returns whether an exception may include something below an excluded folder. */
  mayAdmitBelow(folder: string): boolean {
    const segments = folder.split('/');
    return this.exceptions.some((exception) => {
      const wanted = exception.split('/');
      const special = wanted.findIndex((segment) => /[*?[\\]/.test(segment));
      const literal = special < 0 ? wanted : wanted.slice(0, special);
      return literal.every((segment, index) => segments[index] === undefined || segments[index] === segment);
    });
  }

  /**
   * Like a build that walks the tree: a pattern that has matched a folder matches everything below it, and a pattern
   * that was skipped for a folder is not applied to that folder again (`MatchesUsingParentResults`).
   */
  private judge(path: string): { readonly ignored: boolean; readonly matched: Matched } {
    const above = posix.dirname(path);
    const inherited = above === '.' ? undefined : this.matchedBy(above);
    const matched: boolean[] = [];
    let ignored = false;
    for (const [index, pattern] of this.patterns.entries()) {
      const isAsked = pattern.isException === ignored;
      const matches = inherited?.[index] === true || (isAsked && pattern.matches(path));
      matched.push(matches);
      if (matches) ignored = !pattern.isException;
    }
    return { ignored, matched };
  }

  private matchedBy(folder: string): Matched {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const { matched } = this.judge(folder);
    this.folders.set(folder, matched);
    return matched;
  }
}

function patternOf(text: string): Pattern {
  const isException = text.startsWith('!');
  const pattern = isException ? text.slice(1) : text;
  if (pattern === '' || !isWellFormed(pattern)) throw unreadable(text);
  return { isException, matches: matcherOf(pattern, text) };
}

function unreadable(text: string): UserError {
  return new UserError(
    `"${text}" is not a pattern that Docker reads in a .dockerignore; expected, for example, **/*.pem, docs/ or !docs/keep.md`,
  );
}

/** A pattern that is not a valid regular expression is refused when it is first used. Docker does not know earlier. */
function matcherOf(pattern: string, text: string): Pattern['matches'] {
  const { kind, expression } = translated(pattern);
  if (kind === 'exact') return (path) => path === pattern;
  if (kind === 'prefix') {
    const prefix = pattern.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (kind === 'suffix') {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  const regular = javascriptOf(expression);
  return (path) => {
    if (regular === undefined) throw unreadable(text);
    return regular.test(path);
  };
}

interface Translated {
  readonly kind: 'exact' | 'prefix' | 'suffix' | 'regular';
  /** The regular expression in Go's syntax. */
  readonly expression: string;
}

/** https://github.com/moby/patternmatcher/blob/v0.6.1/patternmatcher.go, `compile`. */
function translated(pattern: string): Translated {
  const characters = Array.from(pattern);
  let kind: Translated['kind'] = 'exact';
  let expression = '^';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const isFirst = at === 0;
    if (character === '*' && characters[at + 1] === '*') {
      at += characters[at + 2] === '/' ? 2 : 1;
      if (at < characters.length - 1) {
        expression += '(.*/)?';
        kind = 'regular';
      } else if (kind === 'exact') {
        kind = 'prefix';
      } else {
        expression += '.*';
        kind = 'regular';
      }
      if (isFirst) kind = 'suffix';
    } else if (character === '*' || character === '?') {
      expression += character === '*' ? '[^/]*' : '[^/]';
      kind = 'regular';
    } else if ('.+()$'.includes(character)) {
      // Moby also tries to escape | { }, but its bit table is too small for them.
      expression += `\\${character}`;
    } else if (character === '\\') {
      at += 1;
      expression += `\\${characters[at] ?? ''}`;
      kind = 'regular';
    } else {
      if (character === '[' || character === ']') kind = 'regular';
      expression += character;
    }
  }
  return { kind, expression: `${expression}$` };
}

/** Go's `strings.TrimSpace`. */
function trimmed(text: string): string {
  return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}

/** Go's `filepath.Clean`. */
function cleaned(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
