import { z } from 'zod';
import { type Fault, shown } from './fault';

type Environments = readonly (readonly [string, unknown])[];

const tableSchema = z.object({ accountId: z.string() });
const rowSchema = z.object({ account: z.object({ id: z.string() }) });

/** @returns the faults of environments whose separate account is not separate. */
export function accountFaults(table: unknown, environments: Environments): readonly Fault[] {
  const owners = new Map<string, string>();
  const shared = tableSchema.safeParse(table).data?.accountId;
  return environments.flatMap(([name, row]) => {
    const id = rowSchema.safeParse(row).data?.account.id;
    if (id === undefined) return [];
    const owner = owners.get(id);
    owners.set(id, owner ?? name);
    // Two foundations in one account would create its identity provider and its roles twice.
    const right =
      id === shared
        ? 'an account other than accountId, which the other environments share; or no account here'
        : owner && `a different account: ${owner} has this one already`;
    return right === undefined ? [] : [{ path: `environments.${name}.account.id`, found: shown(id), right }];
  });
}
