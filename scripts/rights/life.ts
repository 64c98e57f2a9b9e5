import { configuration } from '../../config/environments';

/** One deploy: the whole table after it. */
export interface Step {
  readonly what: string;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Additional tags of every resource. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

const { edge, observability } = configuration.environments.prod;

const { reservedConcurrency, ...unreserved } = configuration.environments.dev.function;

const everything = {
  'environments.dev.edge': {
    ...edge,
    domain: { name: 'dev.findkairos.com', zone: 'findkairos.com' },
    apiKeys: { prefixes: ['/api/v1/partners'], names: ['API_KEY_PARTNER'] },
    allowedAddresses: ['203.0.113.7/32', '2001:db8:1::/48'],
    blockedAddresses: ['198.51.100.0/24'],
  },
  'environments.dev.observability': observability,
  'environments.dev.gateway.cors': {
    allowOrigins: ['https://findkairos.com'],
    allowMethods: ['GET'],
    allowHeaders: ['authorization'],
    allowCredentials: true,
    maxAge: 600,
  },
  'environments.dev.function.provisionedConcurrency': 1,
};

const changed = {
  'environments.dev.edge': {
    ...edge,
    rotation: 2,
    requestLimit: 1000,
    allowedAddresses: ['203.0.113.9/32'],
    blockedAddresses: ['2001:db8:2::/48'],
    loginPaths: ['/api/v1/auth/token', '/api/v1/users'],
  },
  'environments.dev.observability': {
    ...observability,
    subscriptions: [{ protocol: 'email', endpoint: 'others@findkairos.com' }],
    silenceLimit: 12,
    monthlyBudget: 50,
  },
  'environments.dev.logRetention': 30,
  'environments.dev.function.timeout': 10,
  'environments.dev.function.reservedConcurrency': (reservedConcurrency ?? 0) + 1,
  'environments.dev.gateway.throttlingRateLimit': 100,
  'environments.dev.corsOrigins': ['https://findkairos.com'],
};

/** Everything enabled, everything changed, everything disabled; tags are added and removed. */
export const steps: readonly Step[] = [
  { what: 'deploys dev with everything enabled', changes: everything },
  { what: 'changes all tags', changes: everything, tags: { added: 'one' } },
  { what: 'removes a tag', changes: everything },
  { what: 'changes every setting', changes: changed },
  {
    what: 'disables everything that is optional',
    changes: {
      'environments.dev.function': unreserved,
      // Without a reservation it may use everything that the account has.
      'environments.dev.database.connectionLimit': 10_000,
    },
  },
];

/** prod has everything in the table except a domain, so it is enabled at once. */
export const prodSteps: readonly Step[] = [
  {
    what: 'deploys prod as in the table, with a domain',
    changes: {
      'environments.prod.edge': { ...edge, domain: { name: 'prod.findkairos.com', zone: 'findkairos.com' } },
    },
  },
];
