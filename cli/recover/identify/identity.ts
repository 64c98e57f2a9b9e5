import type { Clients } from './clients';

/** The identity of a resource for an import. */
export interface Identity {
  /** The id that `terraform import` expects for its type. */
  readonly id: string;
  /** What other resources refer to, if it is not the import id. @default - every reference means the import id */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** It is not clear which resource it is, or it must not be imported. */
export interface Unclear {
  /** Why, and what to type, as a clause. */
  readonly unclear: string;
}

/** A resource to search for. */
export interface Wanted {
  readonly type: string;
  readonly accountId: string;
  readonly region: string;
  /**
   * @returns an argument as text; undefined if it is unknown, because the resource that it refers to does not exist.
   */
  readonly text: (name: string) => Promise<string | undefined>;
  /** @returns whether the state already contains this object as another resource of the same type. */
  readonly isHeld: (id: string) => boolean;
  readonly clients: Clients;
}

/** Returns the import id of a resource if it may exist; undefined if it cannot exist. */
export type Finder = (wanted: Wanted) => Promise<Identity | Unclear | undefined>;

/**
 * Several objects may match the search.
 * @param found the objects that match. @param what their name in the plural.
 */
export function only(found: readonly Identity[], what: string): Identity | Unclear | undefined {
  const [first, ...others] = found;
  if (first === undefined || others.length === 0) return first;
  const ids = found.map(({ id }) => id).join(', ');
  return {
    unclear: `there are ${found.length} ${what} (${ids}); delete those that nothing uses, or import the right one by hand`,
  };
}
