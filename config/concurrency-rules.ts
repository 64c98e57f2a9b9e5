import { z } from 'zod';
import { quotas } from '../aws/quotas';
import { type Fault, shown } from './fault';

type Environments = readonly (readonly [string, unknown])[];

/** The default quota of an account. */
export const defaultAccountConcurrency = quotas.functionConcurrency.value;

/** What AWS keeps for functions without a reservation. */
const unreserved = quotas.functionUnreserved.value;

const quotaSchema = z.object({ accountConcurrency: z.number().default(defaultAccountConcurrency) });

const ownQuotaSchema = z.object({
  account: z.object({ concurrency: z.number().default(defaultAccountConcurrency) }),
});

/** @returns where the functions of an account's environments can use more than the account or a database allows. */
export function concurrencyFaults(table: unknown, environments: Environments): readonly Fault[] {
  const quota = quotaSchema.safeParse(table).data?.accountConcurrency ?? defaultAccountConcurrency;
  const sharing = environments.filter(([, row]) => !ownQuotaSchema.safeParse(row).success);
  const separate = environments.flatMap(([name, row]) => {
    const own = ownQuotaSchema.safeParse(row).data?.account.concurrency;
    return own === undefined
      ? []
      : faultsOfAccount(own, `environments.${name}.account.concurrency`, [[name, row]]);
  });
  return [...faultsOfAccount(quota, 'accountConcurrency', sharing), ...separate];
}

/** @param member of the table with the quota. */
function faultsOfAccount(quota: number, member: string, environments: Environments): readonly Fault[] {
  return [
    ...unguardedDatabases(quota, member, environments),
    ...reservedBeyondQuota(quota, member, environments),
  ];
}

/** Without a reservation a function can use everything that the account has, and its database must support that. */
function unguardedDatabases(quota: number, member: string, environments: Environments): readonly Fault[] {
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
      right: `${most} at most: without it all ${quota} of the account may run, each holds ${connectionsPerFunctionEnvironment} of the database's ${connectionLimit} connections (${member} is the account's quota)`,
    };
  });
}

/** AWS refuses the last reservation; the fault names the largest. Provisioned concurrency counts like a reservation. */
function reservedBeyondQuota(quota: number, member: string, environments: Environments): readonly Fault[] {
  const taken = environments.flatMap(([name, environment]) => takenBy(name, environment));
  const total = taken.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(0, quota - unreserved);
  const [largest] = [...taken].sort((a, b) => b.count - a.count);
  if (largest === undefined || total <= most) return [];
  return [
    {
      path: `environments.${largest.name}.function.${largest.member}`,
      found: `${largest.count}, and ${total} in all environments together`,
      right: `${most} at most in all together: the account has ${quota} (${member}), and AWS keeps ${unreserved} of it unreserved; with a small quota leave it out`,
    },
  ];
}

/** What no other function of the account can use then. */
interface Taken {
  readonly name: string;
  readonly member: 'reservedConcurrency' | 'provisionedConcurrency';
  readonly count: number;
}

const takingSchema = z.object({
  function: z.object({
    reservedConcurrency: z.number().optional(),
    provisionedConcurrency: z.number().optional(),
  }),
});

function takenBy(name: string, environment: unknown): readonly Taken[] {
  const { reservedConcurrency: reserved, provisionedConcurrency: provisioned } =
    takingSchema.safeParse(environment).data?.function ?? {};
  if (reserved !== undefined) return [{ name, member: 'reservedConcurrency', count: reserved }];
  if (provisioned === undefined) return [];
  return [{ name, member: 'provisionedConcurrency', count: startedWhileReleasing(provisioned) }];
}

/**
 * @param provisioned the provisioned concurrency of one version.
 * @returns the provisioned concurrency while a new version takes over from the previous one.
 */
export function startedWhileReleasing(provisioned: number): number {
  return 2 * provisioned;
}
