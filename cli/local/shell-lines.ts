import type { Shell } from '../process';

/** The previous value of a variable stays in the shell itself, so that no output contains it. */
const before = 'KAIROS_BEFORE_';

/** The names of the variables that were set, not only unset. */
const pointed = 'KAIROS_LOCAL_VARIABLES';

/**
 * @param variables what points a shell to a local cloud; `undefined` unsets a variable.
 * @param shell the current environment variables.
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

/** What restores a shell to its state before `linesThatPoint`. */
export interface WayBack {
  /** The names of the variables that were set. */
  readonly unset: readonly string[];
  /** The names of the variables that the shell had before. Only the shell has their values. */
  readonly restored: readonly string[];
}

/** @returns what restores the shell; empty if it does not point to a local cloud. */
export function wayBack(shell: Shell): WayBack {
  const unset = (shell[pointed] ?? '').split(' ').filter((name) => /^\w+$/.test(name));
  if (unset.length === 0) return { unset: [], restored: [] };
  const kept = Object.keys(shell).filter((name) => name.startsWith(before));
  return { unset, restored: kept.map((name) => name.slice(before.length)) };
}

/** @returns lines that restore a shell to its state before `linesThatPoint`; none if it was not changed. */
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
