import * as fc from 'fast-check';
import { retentionDays } from '../../aws/log-retention';
import { managedRuleGroups } from '../../aws/managed-rules';
import { networkOf } from '../../config/cidr';
import type { EdgeConfiguration } from '../../config/edge';
import type { ObservabilityConfiguration } from '../../config/observability';
import type {
  Configuration,
  DatabaseConfiguration,
  Environment,
  FunctionConfiguration,
  GatewayConfiguration,
} from '../../config/types';
import { at, leftOutOr, place, whole } from './values';

/** The part of an account's concurrency that AWS keeps for functions without a reservation. */
const unreserved = 100;

/** The share that each of the three environments may use. */
interface Share {
  readonly quota: number;
  readonly most: number;
}

const words = (pattern: RegExp) => fc.stringMatching(pattern);

/**
 * @returns the labels that a host name may have: `xn--…` stands for a name in another script, and is mostly invalid.
 */
export function labelsAmong(drawn: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return drawn.filter((text) => !text.startsWith('xn--'));
}

const label = labelsAmong(words(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/));
const longLabel = fc.constant('a'.repeat(63));
const host = fc.oneof(
  fc.tuple(label, label, fc.constantFrom('com', 'io', 'example')).map((parts) => parts.join('.')),
  fc.tuple(longLabel, label).map(([long, short]) => `${long}.${long}.${long}.${short}.com`),
);

const origin = fc.oneof(
  fc
    .tuple(fc.constantFrom('http', 'https'), host, leftOutOr(fc.constantFrom(1, 8080, 65_535)))
    .map(([scheme, name, port]) => `${scheme}://${name}${port === undefined ? '' : `:${port}`}`),
  fc.constantFrom('http://localhost:3000', 'http://127.0.0.1:5173', 'http://[::1]:3000'),
);

const path = fc.oneof(
  fc
    .array(words(/^[A-Za-z0-9._~-]{1,12}$/), { minLength: 1, maxLength: 4 })
    .map((parts) => `/${parts.join('/')}`),
  fc.constant(`/${'p'.repeat(199)}`),
);

const list = <T>(member: fc.Arbitrary<T>, minLength: number, maxLength: number) =>
  fc.uniqueArray(member, { minLength, maxLength });

const address = fc.oneof(
  fc.tuple(fc.ipV4(), whole(1, 32)).map(([ip, bits]) => networkOf(`${ip}/${bits}`)),
  fc
    .tuple(fc.constantFrom('2001:db8::', 'fe80::1', '::1'), whole(1, 128))
    .map(([ip, bits]) => networkOf(`${ip}/${bits}`)),
);

const apiKeyName = fc.oneof(
  words(/^API_KEY_[A-Z0-9_]{1,12}$/) as fc.Arbitrary<`API_KEY_${string}`>,
  fc.constant<`API_KEY_${string}`>(`API_KEY_${'K'.repeat(92)}`),
);

const counted = <T extends string>(rules: readonly T[]) => leftOutOr(fc.subarray([...rules]));

const domain = fc
  .record(
    { zone: fc.tuple(label, label), own: label, zoneId: words(/^Z[A-Z0-9]{1,31}$/) },
    { requiredKeys: ['zone'] },
  )
  .map(({ zone: [one, two], own, ...id }) => {
    const zone = `${one}${two}.com`;
    return { name: own === undefined ? zone : `${own}.${zone}`, zone, ...id };
  });

const edge: fc.Arbitrary<EdgeConfiguration> = fc.record(
  {
    rotation: whole(1, 1_000_000),
    requestLimit: whole(10, 2_000_000_000),
    loginLimit: whole(10, 2_000_000_000),
    loginPaths: list(path, 1, 5),
    allowedAddresses: list(address, 0, 4),
    blockedAddresses: list(address, 0, 4),
    countedRules: fc.record({
      ipReputation: counted(managedRuleGroups.ipReputation.rules),
      knownBadInputs: counted(managedRuleGroups.knownBadInputs.rules),
      common: counted(managedRuleGroups.common.rules),
    }),
    domain,
    apiKeys: fc.record({ prefixes: list(path, 1, 10), names: list(apiKeyName, 1, 10) }),
  },
  {
    requiredKeys: [
      'rotation',
      'requestLimit',
      'loginLimit',
      'loginPaths',
      'allowedAddresses',
      'blockedAddresses',
      'countedRules',
    ],
  },
);

const subscription = fc.oneof(
  host.map((name) => ({ protocol: 'email' as const, endpoint: `alarms@${name}` })),
  fc
    .tuple(host, leftOutOr(whole(1, 65_535)), words(/^(\/[A-Za-z0-9._~?=&-]{0,12})?$/))
    .map(([name, port, rest]) => ({
      protocol: 'https' as const,
      endpoint: `https://${name}${port === undefined ? '' : `:${port}`}${rest}`,
    })),
);

const observability: fc.Arbitrary<ObservabilityConfiguration> = fc.record(
  {
    subscriptions: fc.uniqueArray(subscription, {
      minLength: 1,
      maxLength: 3,
      selector: ({ endpoint }) => endpoint,
    }),
    dashboard: fc.boolean(),
    healthCheck: fc.boolean(),
    watchesAccount: fc.boolean(),
    silenceLimit: whole(1, 168),
    monthlyBudget: whole(1, 1_000_000),
  },
  { requiredKeys: ['subscriptions', 'dashboard', 'healthCheck', 'watchesAccount'] },
);

const cors = fc
  .record({
    allowOrigins: list(fc.oneof(fc.constant('*'), origin), 1, 3),
    allowMethods: fc.subarray(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '*']),
    allowHeaders: list(words(/^[A-Za-z0-9*-]{1,16}$/), 0, 3),
    allowCredentials: fc.boolean(),
    maxAge: whole(0, 86_400),
  })
  .map((each) => ({
    ...each,
    allowCredentials: each.allowCredentials && !each.allowOrigins.includes('*'),
  }));

const gateway: fc.Arbitrary<GatewayConfiguration> = fc
  .record({ timeout: whole(3, 30), rate: place, burst: place, cors: leftOutOr(cors) })
  .map(({ timeout, rate, burst, ...rest }) => {
    const throttlingRateLimit = at(rate, 1, 100_000);
    return {
      timeout,
      throttlingRateLimit,
      throttlingBurstLimit: at(burst, throttlingRateLimit, 100_000),
      ...rest,
    };
  });

/** The time-outs of the gateway, of the function and of the lifespan, each shorter than the previous one. */
const timeouts = fc.record({ timeout: place, start: place, isLeftOut: fc.boolean() });

function timeoutsWithin(outer: number, { timeout, start, isLeftOut }: Places<typeof timeouts>) {
  const own = at(timeout, 2, outer - 1);
  // Its default is 5.
  return { timeout: own, lifespanStartLimit: isLeftOut && own > 5 ? undefined : at(start, 1, own - 1) };
}

/** What a function may use of the account and of its database. */
const takes = fc.record({
  reserves: fc.boolean(),
  reserved: place,
  keeps: fc.boolean(),
  kept: place,
  each: place,
  limit: place,
});

function takenOf({ quota, most }: Share, places: Places<typeof takes>): Concurrency {
  const isReserved = most > 0 && (places.reserves || quota > 100_000);
  const reserved = at(places.reserved, 1, Math.min(10_000, Math.max(1, most)));
  const running = isReserved ? reserved : quota;
  const each = at(places.each, 1, Math.min(100, Math.floor(100_000 / running)));
  const room = Math.floor((isReserved ? reserved : most) / 2);
  const kept = at(places.kept, 1, Math.min(1_000, Math.max(1, room)));
  return {
    reservedConcurrency: isReserved ? reserved : undefined,
    provisionedConcurrency: places.keeps && room > 0 ? kept : undefined,
    database: {
      connectionLimit: at(places.limit, running * each, 100_000),
      connectionsPerFunctionEnvironment: each,
    },
  };
}

type Places<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

interface Concurrency extends Pick<FunctionConfiguration, 'reservedConcurrency' | 'provisionedConcurrency'> {
  readonly database: Omit<DatabaseConfiguration, 'name'>;
}

const backend = fc.record({
  handler: words(/^[a-z_]{1,8}(\.[a-z_]{1,8}){1,3}$/),
  memory: whole(128, 10_240),
  logLevel: fc.constantFrom('DEBUG', 'INFO', 'WARN', 'ERROR'),
  lifespan: fc.constantFrom('environment', 'invocation'),
  lifespanPauseLimit: leftOutOr(whole(1, 86_400)),
});

const region = fc.constantFrom('eu-west-2', 'us-east-1', 'ap-southeast-7', 'mx-central-1', 'il-central-1');

/** A row whose function and database still have to be adjusted to the other rows. */
const row = fc.record({
  timeouts,
  account: fc.option(fc.record({ region: leftOutOr(region) }), { nil: undefined, freq: 3 }),
  takes,
  backend,
  gateway,
  applicationEnvironment: fc.constantFrom('staging', 'production'),
  edge: fc.oneof(fc.constant<false>(false), edge),
  logRetention: fc.constantFrom(...retentionDays),
  observability: fc.oneof(fc.constant<false>(false), observability),
  databaseName: words(/^[A-Za-z][A-Za-z0-9_-]{0,40}$/),
  mail: fc.record({
    username: words(/^[\w.+@-]{1,20}$/),
    from: host,
    port: whole(1, 65_535),
    server: host,
  }),
  corsOrigins: list(origin, 1, 4),
  secretsRevision: whole(1, 1_000_000),
});

function environment(name: string, id: string, share: Share, places: Places<typeof row>): Environment {
  const { account, timeouts: limits, takes: taken, backend: base, databaseName, ...rest } = places;
  const { database, ...concurrency } = takenOf(share, taken);
  return {
    ...rest,
    account: account && { id, ...account, concurrency: share.quota },
    function: { ...base, ...timeoutsWithin(rest.gateway.timeout, limits), ...concurrency },
    edge: rest.edge === false ? false : withOwnDomain(rest.edge, name),
    observability:
      rest.observability === false || rest.edge !== false
        ? rest.observability
        : { ...rest.observability, healthCheck: false },
    database: { ...database, name: `${databaseName}_${name}` },
  };
}

/** A name can only belong to one distribution. */
function withOwnDomain(configured: EdgeConfiguration, environmentName: string): EdgeConfiguration {
  const { domain: own } = configured;
  if (own === undefined) return configured;
  return { ...configured, domain: { ...own, name: `${environmentName}.${own.name}` } };
}

/** @returns an account that differs from the given one, and from those with another number from 1 to 9. */
function otherAccount(id: string, number: number): string {
  return `${(Number(id.slice(0, 1)) + number) % 10}${id.slice(1)}`;
}

const quota = fc.oneof(whole(1, 1_000_000), whole(1, 2_000), fc.constant(undefined));

/** Tables without errors. */
export const rightConfigurations: fc.Arbitrary<Configuration> = fc
  .record({
    accountId: words(/^\d{12}$/),
    region,
    accountConcurrency: quota,
    repository: fc.tuple(label, label).map(([owner, name]) => `github.com/${owner}/${name}`),
    github: fc.oneof(
      fc.constant<false>(false),
      fc.record({
        ownerId: whole(1, Number.MAX_SAFE_INTEGER),
        repositoryId: whole(1, Number.MAX_SAFE_INTEGER),
        provider: fc.constantFrom('make', 'take-over'),
      }),
    ),
    image: fc.record({
      repository: fc.oneof(
        words(/^[a-z0-9]{1,8}([._/-][a-z0-9]{1,8}){1,3}$/),
        fc.constantFrom('ab', 'r'.repeat(256)),
      ),
      architecture: fc.constantFrom('x86_64', 'arm64'),
      baseImage: words(/^[a-z0-9][\w./:@-]{0,40}$/),
      recipe: fc.constantFrom('project', 'backend'),
      maximumContextBytes: whole(1, 10 * 1024 ** 3),
    }),
    rows: fc.record({ dev: row, staging: row, prod: row }),
  })
  .map(({ rows: { dev, staging, prod }, ...shared }) => {
    const all = shared.accountConcurrency ?? 1_000;
    const share: Share = { quota: all, most: Math.floor((all - unreserved) / 3) };
    return {
      ...shared,
      environments: {
        dev: environment('dev', otherAccount(shared.accountId, 1), share, dev),
        staging: environment('staging', otherAccount(shared.accountId, 2), share, staging),
        prod: environment('prod', otherAccount(shared.accountId, 3), share, prod),
      },
    };
  });
