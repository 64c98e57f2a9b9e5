import type { Shell } from '../process';

/** What a variable held before is kept in the shell itself, so that no output ever carries it. */
const before = 'KAIROS_BEFORE_';

/** The names of what was set and not only taken away. */
const pointed = 'KAIROS_LOCAL_VARIABLES';

/**
 * @param variables what points a shell at a local cloud; `undefined` takes a variable away.
 * @param shell the environment variables that they meet.
 * @returns lines for a POSIX shell, each an `export` or an `unset`.
 */
export function linesThatPoint(variables: Shell, shell: Shell): readonly string[] {
  const entries = Object.entries(variables);
  const again = (shell[pointed] ?? '') !== '';
  const kept = again
    ? []
    : entries.filter(([name, value]) => shell[name] !== undefined && shell[name] !== value);
  const set = entries.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return [
    ...kept.map(([name]) => `export ${before}${name}="$${name}"`),
    ...entries.map(([name, value]) =>
      value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`,
    ),
    `export ${pointed}=${quoted(set.join(' '))}`,
  ];
}

/** What takes a shell back to where it was before `linesThatPoint`. */
export interface WayBack {
  /** The names of what was set. */
  readonly unset: readonly string[];
  /** The names of what the shell had before; what they held is in the shell alone. */
  readonly restored: readonly string[];
}

/** @returns the way back; nothing on it when the shell was not pointed. */
export function wayBack(shell: Shell): WayBack {
  const unset = (shell[pointed] ?? '').split(' ').filter((name) => /^\w+$/.test(name));
  if (unset.length === 0) return { unset: [], restored: [] };
  const kept = Object.keys(shell).filter((name) => name.startsWith(before));
  return { unset, restored: kept.map((name) => name.slice(before.length)) };
}

/** @returns lines that give a shell back what it had before `linesThatPoint`; none when it was not pointed. */
export function linesThatPointBack(shell: Shell): readonly string[] {
  const { unset, restored } = wayBack(shell);
  if (unset.length === 0) return [];
  return [
    ...unset.map((name) => `unset ${name}`),
    ...restored.map((name) => `export ${name}="$${before}${name}"`),
    ...restored.map((name) => `unset ${before}${name}`),
    `unset ${pointed}`,
  ];
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
