import { type TriedEnvironment, triedEnvironments } from './scene';

/** The arguments of a script. */
export interface Asked {
  /** @default - dev */
  readonly environment: TriedEnvironment;
  /** The only case to test; all if there is none. */
  readonly words: readonly string[];
}

/** @param typed an environment, words, or both: `prod first`. */
export function readAsked(typed: readonly string[]): Asked {
  const [first = '', ...rest] = typed;
  const environment = triedEnvironments.find((name) => name === first);
  return environment === undefined ? { environment: 'dev', words: typed } : { environment, words: rest };
}

/** @returns the mark of a table in the document. For dev it is the script's own. */
export function markOf(mark: string, environment: TriedEnvironment): string {
  return environment === 'dev' ? mark : `${mark}-${environment}`;
}
