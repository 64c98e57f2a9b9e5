import { z } from 'zod';
import { accountFaults } from './account-rules';
import { concurrencyFaults, startedWhileReleasing } from './concurrency-rules';
import { type Fault, shown } from './fault';
import { defaultLifespan } from './lifespan';
import { oversizedSettings } from './settings-size';
import { sharedNames } from './shared-names';

/** A rule about several values. It returns the faults, with paths relative to its input. */
type Rule = (values: unknown) => Fault | undefined;

/**
 * A rule declares what it reads, and returns no fault if that is missing. The schema reports missing or mistyped
 * values, and they must not hide the faults of other rules.
 */
function rule<Reads>(reads: z.ZodType<Reads>, check: (values: Reads) => Fault | undefined): Rule {
  return (environment) => {
    const parsed = reads.safeParse(environment);
    return parsed.success ? check(parsed.data) : undefined;
  };
}

const gatewayOutlastsFunction = rule(
  z.object({ function: z.object({ timeout: z.number() }), gateway: z.object({ timeout: z.number() }) }),
  ({ function: { timeout }, gateway }) =>
    timeout < gateway.timeout
      ? undefined
      : {
          path: 'function.timeout',
          found: shown(timeout),
          right: `fewer seconds than gateway.timeout (${gateway.timeout}): the gateway would give up first`,
        },
);

const functionOutlastsLifespan = rule(
  z.object({ function: z.object({ timeout: z.number(), lifespanStartLimit: z.number().optional() }) }),
  ({ function: { timeout, lifespanStartLimit } }) =>
    (lifespanStartLimit ?? defaultLifespan.startLimit) < timeout
      ? undefined
      : {
          path: 'function.lifespanStartLimit',
          found: `${shown(lifespanStartLimit)}${lifespanStartLimit === undefined ? `, which is ${defaultLifespan.startLimit}` : ''}`,
          right: `fewer seconds than timeout (${timeout}): the function would be terminated before it can report why`,
        },
);

const burstReachesRate = rule(
  z.object({ gateway: z.object({ throttlingRateLimit: z.number(), throttlingBurstLimit: z.number() }) }),
  ({ gateway: { throttlingRateLimit, throttlingBurstLimit } }) =>
    throttlingBurstLimit >= throttlingRateLimit
      ? undefined
      : {
          path: 'gateway.throttlingBurstLimit',
          found: shown(throttlingBurstLimit),
          right: `no less than throttlingRateLimit (${throttlingRateLimit}): the rate would never be reached`,
        },
);

const databaseHasTheConnections = rule(
  z.object({
    function: z.object({ reservedConcurrency: z.number() }),
    database: z.object({ connectionLimit: z.number(), connectionsPerFunctionEnvironment: z.number().min(1) }),
  }),
  ({
    function: { reservedConcurrency },
    database: { connectionLimit, connectionsPerFunctionEnvironment },
  }) =>
    reservedConcurrency * connectionsPerFunctionEnvironment <= connectionLimit
      ? undefined
      : {
          path: 'function.reservedConcurrency',
          found: shown(reservedConcurrency),
          right: `${Math.floor(connectionLimit / connectionsPerFunctionEnvironment)} at most: each holds ${connectionsPerFunctionEnvironment} of the database's ${connectionLimit} connections`,
        },
);

const reservedHoldsProvisioned = rule(
  z.object({
    function: z.object({ reservedConcurrency: z.number(), provisionedConcurrency: z.number() }),
  }),
  ({ function: { reservedConcurrency, provisionedConcurrency } }) =>
    startedWhileReleasing(provisionedConcurrency) <= reservedConcurrency
      ? undefined
      : {
          path: 'function.provisionedConcurrency',
          found: shown(provisionedConcurrency),
          right: `${Math.floor(reservedConcurrency / 2)} at most, half of reservedConcurrency (${reservedConcurrency}): a release provisions two versions`,
        },
);

const corsNamesItsOrigins = rule(
  z.object({
    gateway: z.object({
      cors: z.object({ allowOrigins: z.array(z.unknown()), allowCredentials: z.literal(true) }),
    }),
  }),
  ({ gateway: { cors } }) =>
    !cors.allowOrigins.includes('*')
      ? undefined
      : {
          path: 'gateway.cors.allowOrigins',
          found: shown(cors.allowOrigins),
          right: 'origins by name: "*" together with allowCredentials lets every site act as the user',
        },
);

const healthCheckHasAnEdge = rule(
  z.object({ edge: z.literal(false), observability: z.object({ healthCheck: z.literal(true) }) }),
  () => ({
    path: 'observability.healthCheck',
    found: shown(true),
    right: 'false: the edge answers the path of the health check, and this environment has no edge',
  }),
);

const rules: readonly Rule[] = [
  gatewayOutlastsFunction,
  functionOutlastsLifespan,
  burstReachesRate,
  databaseHasTheConnections,
  reservedHoldsProvisioned,
  corsNamesItsOrigins,
  healthCheckHasAnEdge,
  oversizedSettings,
];

const environmentsSchema = z.object({ environments: z.record(z.string(), z.unknown()) });

/**
 * @param table any value, such as the whole table of config/environments.ts.
 * @returns which values contradict each other, within an environment and between environments.
 */
export function contradictionsIn(table: unknown): readonly Fault[] {
  const parsed = environmentsSchema.safeParse(table);
  if (!parsed.success) return [];
  const environments = Object.entries(parsed.data.environments);
  const within = environments.flatMap(([name, environment]) =>
    rules
      .map((check) => check(environment))
      .filter((fault) => fault !== undefined)
      .map((fault) => ({ ...fault, path: `environments.${name}.${fault.path}` })),
  );
  return [
    ...within,
    ...accountFaults(table, environments),
    ...concurrencyFaults(table, environments),
    ...sharedNames(environments),
    ...unknownRepository(table),
  ];
}

const repositorySchema = z.object({
  github: z.object({ ownerId: z.number() }),
  repository: z.string().regex(/^[\w.-]+(\/[\w.-]+){2,}$/),
});

/** The trust policy identifies GitHub's jobs by owner and name. */
function unknownRepository(table: unknown): readonly Fault[] {
  const { data } = repositorySchema.safeParse(table);
  if (data === undefined || data.repository.split('/').length === 3) return [];
  return [
    {
      path: 'repository',
      found: shown(data.repository),
      right: 'host, owner and name, such as github.com/owner/name; or github: false',
    },
  ];
}
