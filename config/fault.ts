import { inspect } from 'node:util';

/** One thing that is wrong in the table. */
export interface Fault {
  /** Where: `environments.prod.function.memory`. */
  readonly path: string;
  /** What was found there, as JavaScript writes it, or `nothing`. */
  readonly found: string;
  /** What would be right there. */
  readonly right: string;
}

/** @returns a value as the reader of a fault knows it. */
export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : inspect(value, { breakLength: Infinity, depth: 4 });
}
