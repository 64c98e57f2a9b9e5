/** Who holds the lock of a state: what Terraform writes into it, or prints of it. */
export interface StateLock {
  readonly id: string;
  /** `OperationTypeApply` and the like. */
  readonly operation: string;
  /** User and machine. */
  readonly who: string;
  /** When it was taken, in UTC. */
  readonly created: string;
}

/**
 * Reads Terraform's own words when a state is locked:
 * https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statemgr/locker.go
 * @returns the lock and the stack whose state it is, or nothing when the output speaks of no lock.
 */
export function lockIn(output: string): (StateLock & { readonly stack: string }) | undefined {
  if (!output.includes('Error acquiring the state lock')) return undefined;
  const value = (name: string) => new RegExp(`\\b${name}:\\s+(\\S.*?)\\s*$`, 'm').exec(output)?.[1];
  const [id, path, operation, who, created] = ['ID', 'Path', 'Operation', 'Who', 'Created'].map(value);
  const stack = /([^/]+)\.tfstate$/.exec(path ?? '')?.[1];
  if (id === undefined || stack === undefined) return undefined;
  return { id, stack, operation: operation ?? '', who: who ?? 'somebody', created: created ?? '' };
}

/** @returns the lock as a person says it. */
export function describeLock({ operation, who, created }: StateLock): string {
  const what = operation.replace('OperationType', '').toLowerCase() || 'a command';
  return `${what} of ${who} since ${created.slice(0, 19)}Z`.replace(' since Z', '');
}
