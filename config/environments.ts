import { placeholderIds } from './github';
import type { Configuration, Environment } from './types';

const mail = {
  username: 'resend',
  from: 'send.findkairos.com',
  port: 587,
  server: 'smtp.resend.com',
} as const;

const backend = {
  handler: 'kairos.main.handler',
  memory: 256,
  timeout: 15,
  lifespan: 'environment',
} as const;

/**
 * Together they stay within the limit of the database, even if all environments share one cluster (80 × 6 connections
 * of 500), and leave 920 of an account's 1,000. An account with a small quota has no reservations: docs/decisions/0011.
 */
const reserved = { dev: 10, staging: 20, prod: 50 } as const;

const gateway = { timeout: 20, throttlingRateLimit: 1000, throttlingBurstLimit: 2000 } as const;

const edge = {
  rotation: 1,
  requestLimit: 2000,
  loginLimit: 50,
  loginPaths: ['/api/v1/auth/token'],
  allowedAddresses: [],
  blockedAddresses: [],
  countedRules: {},
} as const;

const observability = {
  subscriptions: [{ protocol: 'email', endpoint: 'alarms@findkairos.com' }],
  dashboard: true,
  healthCheck: true,
  watchesAccount: false,
} as const;

/** Atlas allows 500 for its smallest clusters: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ */
const cluster = { connectionLimit: 500, connectionsPerFunctionEnvironment: 6 } as const;

const dev: Environment = {
  applicationEnvironment: 'staging',
  function: { ...backend, reservedConcurrency: reserved.dev, logLevel: 'INFO' },
  gateway,
  edge: false,
  logRetention: 14,
  observability: false,
  database: { ...cluster, name: 'kairos_dev' },
  mail,
  corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
  secretsRevision: 1,
};

const staging: Environment = {
  applicationEnvironment: 'staging',
  function: { ...backend, reservedConcurrency: reserved.staging, logLevel: 'INFO' },
  gateway,
  edge,
  logRetention: 30,
  observability: { ...observability, dashboard: false },
  database: { ...cluster, name: 'kairos_staging' },
  mail,
  corsOrigins: ['https://staging.findkairos.com'],
  secretsRevision: 1,
};

const prod: Environment = {
  applicationEnvironment: 'production',
  function: { ...backend, reservedConcurrency: reserved.prod, logLevel: 'WARN' },
  gateway,
  edge,
  logRetention: 90,
  observability: { ...observability, watchesAccount: true, silenceLimit: 6, monthlyBudget: 100 },
  database: { ...cluster, name: 'kairos_prod' },
  mail,
  corsOrigins: ['https://findkairos.com', 'https://www.findkairos.com'],
  secretsRevision: 1,
};

/** The only place where environments differ. `config/schema.ts` defines the allowed values. */
export const configuration: Configuration = {
  accountId: '992382417038',
  region: 'eu-west-2',
  repository: 'github.com/findkairos/kairos-infrastructure',
  // While these are not the repository's own ids, no job can assume a role: gh api repos/OWNER/NAME --jq '.owner.id,
  // .id'
  github: { ...placeholderIds, provider: 'make' },
  image: {
    repository: 'kairos',
    architecture: 'x86_64',
    baseImage: 'public.ecr.aws/lambda/python:3.12.2026.10.03.13',
    recipe: 'project',
    maximumContextBytes: 50 * 1024 * 1024,
  },
  environments: { dev, staging, prod },
};
