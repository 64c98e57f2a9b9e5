import { inspect } from 'node:util';
import { secretsIn } from './secret-shapes';

/** One thing that is wrong in the table. */
export interface Fault {
  /** Where: `environments.prod.function.memory`. */
  readonly path: string;
  /** What was found there, as JavaScript writes it, or `nothing`. */
  readonly found: string;
  /** What would be right there. */
  readonly right: string;
}

/** @returns a value as the reader of a fault knows it; of what looks like a secret, only what it looks like. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const options = { breakLength: Infinity, depth: 4 };
  const text = inspect(value, { ...options, maxStringLength: 200, maxArrayLength: 10 });
  const secrets = secretsIn(inspect(value, { ...options, maxStringLength: null, maxArrayLength: null }));
  return secrets.length === 0 ? text : `${secrets.join(', ')}, which is not shown`;
}
