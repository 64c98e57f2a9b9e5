import { z } from 'zod';
import { retentionDays } from '../aws/log-retention';
import { edgeOrNoneSchema } from './edge';
import { type Fault, shown } from './fault';
import { observabilityOrNoneSchema } from './observability';
import { contradictionsIn } from './rules';
import type { Configuration } from './types';
import { distinct, hostName, oneOf, orNone, text, whole } from './values';
import { textFaultsIn } from './written-texts';

const right = {
  origin: 'an origin such as https://www.findkairos.com: scheme and host, no path and no slash at the end',
  host: 'a host name such as smtp.resend.com',
  handler: 'a module and its attribute, such as kairos.main.handler, of at most 128 characters',
  repository: 'the name of an ECR repository, 2 to 256 characters in lower case',
};

/** A browser sends an origin in exactly this form, and the backend compares it as a string. */
const origin = z.string(right.origin).refine(isOrigin, right.origin);

function isOrigin(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

/** The maximum provisioned concurrency in the table. It is billed even without requests. */
export const mostProvisioned = 1_000;

const functionSchema = z.strictObject({
  handler: text(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/, right.handler).max(128, right.handler),
  memory: whole(128, 10_240, 'MB'),
  timeout: whole(2, 29, 'seconds'),
  logLevel: oneOf('DEBUG', 'INFO', 'WARN', 'ERROR'),
  lifespan: oneOf('environment', 'invocation'),
  lifespanStartLimit: whole(1, 28, 'seconds').optional(),
  lifespanPauseLimit: whole(1, 86_400, 'seconds').optional(),
  reservedConcurrency: whole(1, 10_000, 'concurrent requests').optional(),
  provisionedConcurrency: whole(1, mostProvisioned, 'environments').optional(),
});

const corsSchema = z.strictObject({
  allowOrigins: z.array(z.union([z.literal('*'), origin], right.origin)).min(1, 'at least one origin'),
  allowMethods: z.array(oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '*')),
  allowHeaders: z.array(text(/^[A-Za-z0-9*-]+$/, 'the name of a header')),
  allowCredentials: z.boolean('true or false'),
  maxAge: whole(0, 86_400, 'seconds'),
});

const gatewaySchema = z.strictObject({
  timeout: whole(3, 30, 'seconds'),
  throttlingRateLimit: whole(1, 100_000, 'requests per second'),
  throttlingBurstLimit: whole(1, 100_000, 'requests'),
  cors: corsSchema.optional(),
});

const accountId = text(/^\d{12}$/, 'the 12 digits of an AWS account');

// https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
const region = text(
  /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/,
  'an AWS region such as eu-west-2; those of China, of governments and of other partitions have other names',
);

const accountSchema = z.strictObject(
  {
    id: accountId,
    region: region.optional(),
    concurrency: whole(1, 1_000_000, 'concurrent requests').optional(),
  },
  "the separate account of this environment, such as { id: '111122223333' }",
);

const environmentSchema = z.strictObject({
  account: accountSchema.optional(),
  applicationEnvironment: oneOf('staging', 'production'),
  function: functionSchema,
  gateway: gatewaySchema,
  edge: edgeOrNoneSchema,
  logRetention: z.literal(
    retentionDays,
    `one of the days that CloudWatch knows: ${retentionDays.join(', ')}`,
  ),
  observability: observabilityOrNoneSchema,
  database: z.strictObject({
    name: text(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/, 'a database name of letters, digits, _ and -'),
    connectionLimit: whole(1, 100_000, 'connections'),
    connectionsPerFunctionEnvironment: whole(1, 100, 'connections'),
  }),
  mail: z.strictObject({
    username: text(/^[!-~]{1,256}$/, 'the account at the mail service: ASCII, without spaces'),
    from: text(hostName, 'a domain such as send.findkairos.com'),
    port: whole(1, 65_535, 'a port'),
    server: text(hostName, right.host),
  }),
  corsOrigins: distinct(
    z
      .array(origin, 'a list of origins')
      .min(1, 'at least one origin: an empty list becomes "*" in the backend'),
  ),
  secretsRevision: whole(1, 1_000_000, 'revisions'),
});

const githubId = (what: string) =>
  z
    .int(`the id of ${what}, which gh api repos/OWNER/NAME --jq '.owner.id, .id' prints`)
    .min(1, `the id of ${what}, which gh api repos/OWNER/NAME --jq '.owner.id, .id' prints`);

const githubSchema = z.strictObject(
  {
    ownerId: githubId('the owner'),
    repositoryId: githubId('the repository'),
    provider: oneOf('make', 'take-over'),
  },
  'the ids of the repository and the provider, or false',
);

const shapeSchema: z.ZodType<Configuration> = z.strictObject({
  accountId,
  region,
  accountConcurrency: whole(1, 1_000_000, 'concurrent requests').optional(),
  repository: text(
    /^[\w.-]+(\/[\w.-]+){2,}$/,
    'the address of a repository without its scheme, such as github.com/owner/name',
  ),
  github: orNone(githubSchema),
  image: z.strictObject({
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
    repository: text(/^(?=.{2,256}$)[a-z0-9]+([._/-][a-z0-9]+)*$/, right.repository),
    architecture: oneOf('x86_64', 'arm64'),
    baseImage: text(
      /^[a-z0-9][\w./:@-]*$/,
      'the reference of an image, such as public.ecr.aws/lambda/python:3.12',
    ),
    recipe: oneOf('project', 'backend'),
    maximumContextBytes: whole(1, 10 * 1024 ** 3, 'bytes'),
  }),
  environments: z.strictObject({
    dev: environmentSchema,
    staging: environmentSchema,
    prod: environmentSchema,
  }),
});

/**
 * @param table any value, such as the table of config/environments.ts with the overrides.
 * @returns all faults: first invalid values, then values that contradict each other.
 */
export function faultsIn(table: unknown): readonly Fault[] {
  const parsed = shapeSchema.safeParse(table, { reportInput: true });
  const faults = [...(parsed.error?.issues.flatMap(faultsOf) ?? []), ...contradictionsIn(table)];
  const named = new Set(faults.map(({ path }) => path));
  return [...faults, ...textFaultsIn(table).filter(({ path }) => !named.has(path))];
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const path = issue.path.map(String).join('.') || 'the table';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: issue.path.length === 0 ? key : `${path}.${key}`,
      found: 'a member that the table does not have',
      right: 'no such member; check the spelling',
    }));
  }
  return [{ path, found: shown(issue.input), right: issue.message }];
}
