import type { Clients } from './clients';

/** What an object is imported by. */
export interface Identity {
  /** The id that `terraform import` takes for its type. */
  readonly id: string;
  /** What other resources refer to and is not its import id. @default - every reference to it means its import id */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Nobody can tell which object it is, or it must not be imported. */
export interface Unclear {
  /** Why, and what to type, as a clause. */
  readonly unclear: string;
}

/** A resource that is looked for. */
export interface Wanted {
  readonly type: string;
  readonly accountId: string;
  readonly region: string;
  /** @returns an argument as text; nothing when it is not known, which is so when what it refers to is not there. */
  readonly text: (name: string) => Promise<string | undefined>;
  /** @returns whether the state holds this object already, as some other resource of the same type. */
  readonly isHeld: (id: string) => boolean;
  readonly clients: Clients;
}

/** Says what a resource would be imported by, if it is there; nothing when it cannot be there. */
export type Finder = (wanted: Wanted) => Promise<Identity | Unclear | undefined>;

/**
 * Several objects may bear what one is looked for by.
 * @param found those that may be it. @param what they are called, in the plural.
 */
export function only(found: readonly Identity[], what: string): Identity | Unclear | undefined {
  const [first, ...others] = found;
  if (first === undefined || others.length === 0) return first;
  const ids = found.map(({ id }) => id).join(', ');
  return {
    unclear: `${found.length} ${what} may be it (${ids}); delete those that nothing uses, or import the right one by hand`,
  };
}
