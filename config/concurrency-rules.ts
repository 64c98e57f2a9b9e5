import { z } from 'zod';
import { quotas } from '../aws/quotas';
import { type Fault, shown } from './fault';

type Environments = readonly (readonly [string, unknown])[];

/** The quota of an account that asked for no other. */
export const defaultAccountConcurrency = quotas.functionConcurrency.value;

/** What AWS keeps for the functions that reserve nothing. */
const unreserved = quotas.functionUnreserved.value;

const quotaSchema = z.object({ accountConcurrency: z.number().default(defaultAccountConcurrency) });

/** @returns where the functions of all environments may take more than the account or a database has. */
export function concurrencyFaults(table: unknown, environments: Environments): readonly Fault[] {
  const quota = quotaSchema.safeParse(table).data?.accountConcurrency ?? defaultAccountConcurrency;
  return [...unguardedDatabases(quota, environments), ...reservedBeyondQuota(quota, environments)];
}

/** Without a reservation a function takes whatever the account has, and its database must bear that. */
function unguardedDatabases(quota: number, environments: Environments): readonly Fault[] {
  const schema = z.object({
    function: z.object({ reservedConcurrency: z.undefined().optional() }),
    database: z.object({ connectionLimit: z.number(), connectionsPerFunctionEnvironment: z.number().min(1) }),
  });
  return environments.flatMap(([name, environment]) => {
    const parsed = schema.safeParse(environment);
    if (!parsed.success) return [];
    const { connectionLimit, connectionsPerFunctionEnvironment } = parsed.data.database;
    const most = Math.floor(connectionLimit / connectionsPerFunctionEnvironment);
    if (quota <= most) return [];
    return {
      path: `environments.${name}.function.reservedConcurrency`,
      found: shown(undefined),
      right: `${most} at most: without it all ${quota} of the account may run, each holds ${connectionsPerFunctionEnvironment} of the database's ${connectionLimit} connections (accountConcurrency is the account's quota)`,
    };
  });
}

/** AWS refuses the reservation that comes last; named is the largest. */
function reservedBeyondQuota(quota: number, environments: Environments): readonly Fault[] {
  const schema = z.object({ function: z.object({ reservedConcurrency: z.number() }) });
  const reserved = environments.flatMap(([name, environment]) => {
    const parsed = schema.safeParse(environment);
    return parsed.success ? [{ name, count: parsed.data.function.reservedConcurrency }] : [];
  });
  const total = reserved.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(0, quota - unreserved);
  const [largest] = [...reserved].sort((a, b) => b.count - a.count);
  if (largest === undefined || total <= most) return [];
  return [
    {
      path: `environments.${largest.name}.function.reservedConcurrency`,
      found: `${largest.count}, and ${total} in all environments together`,
      right: `${most} at most in all together: the account has ${quota} (accountConcurrency), and AWS keeps ${unreserved} of it unreserved; with a small quota leave it out`,
    },
  ];
}
