import { inspect } from 'node:util';
import { secretsIn } from './secret-shapes';

/** A fault in the table. */
export interface Fault {
  /** The path: `environments.prod.function.memory`. */
  readonly path: string;
  /** The value that was found, as JavaScript writes it, or `nothing`. */
  readonly found: string;
  /** What was expected there. */
  readonly right: string;
}

/** @returns a value as it is printed in a fault. A value that looks like a secret is only described. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const options = { breakLength: Infinity, depth: 4 };
  const text = inspect(value, { ...options, maxStringLength: 200, maxArrayLength: 10 });
  const secrets = secretsIn(inspect(value, { ...options, maxStringLength: null, maxArrayLength: null }));
  return secrets.length === 0 ? text : `${secrets.join(', ')}, which is not shown`;
}
