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

/** @returns lines that give a shell back what it had before `linesThatPoint`; none when it was not pointed. */
export function linesThatPointBack(shell: Shell): readonly string[] {
  const kept = Object.keys(shell).filter((name) => name.startsWith(before));
  const set = (shell[pointed] ?? '').split(' ').filter((name) => /^\w+$/.test(name));
  if (set.length === 0) return [];
  return [
    ...set.map((name) => `unset ${name}`),
    ...kept.map((name) => `export ${name.slice(before.length)}="$${name}"`),
    ...kept.map((name) => `unset ${name}`),
    `unset ${pointed}`,
  ];
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
