import { UserError } from '../errors';

/** The environments, in the order in which a digest is promoted through them. */
export const environmentNames = ['dev', 'staging', 'prod'] as const;

export type EnvironmentName = (typeof environmentNames)[number];

/** The stack for everything that exists once per account. */
export const foundationStackName = 'kairos-foundation';

/** @returns the stack for everything that exists once in the separate account of an environment. */
export function foundationStackOf(environment: EnvironmentName): string {
  return `${foundationStackName}-${environment}`;
}

/** @param separate the environment whose separate account is meant. @default - the account of the table */
export function foundationOf(separate?: EnvironmentName): string {
  return separate === undefined ? foundationStackName : foundationStackOf(separate);
}

/** What the pipelines use for everything that exists once per account, including the image. */
export const foundationNames = {
  planRole: `${foundationStackName}-plan`,
  deployRole: `${foundationStackName}-deploy`,
  /** The permissions boundary of every role of the pipelines. */
  boundary: 'kairos-pipeline-boundary',
} as const;

/** The stack that builds and pushes the image; the only one that needs a Docker daemon. */
export const imageStackName = 'kairos-image';

/**
 * How many images the repository keeps. ECR does not know which images run, so the number is much higher than the
 * number of pushes between two runs of `kairos image prune`. `kairos image status` warns when it is almost reached.
 */
export const keptImages = 1_000;

/** The header with which CloudFront proves to the API that a request came through it. */
export const originHeaderName = 'x-origin-verify';

/** The metadata of routes that the table declares as open behind an edge. No policy refuses them. */
export const openOriginMark = 'kairos:open-origin';

/** The path of health checks. The edge answers it, and no route of the backend may have it. */
export const healthPath = '/edge-health';

/** The value of a secret's parameter until `kairos secrets set` has written one. */
export const unsetPlaceholder = 'unset';

/**
 * The secrets of the application, named like the environment variables that the backend reads. If a name is removed
 * from this list, Terraform deletes its parameter: see docs/runbook.md first.
 */
export const secretNames = [
  'SECRET_KEY',
  'MONGO_USERNAME',
  'MONGO_PASSWORD',
  'MONGO_HOST',
  'RESEND_API_KEY',
] as const;

export type SecretName = (typeof secretNames)[number];

/** A key for routes that require one. It is a secret of an environment if its `edge.apiKeys` names it. */
export type ApiKeyName = `API_KEY_${string}`;

/** @returns whether a text can be the name of an API key. */
export function isApiKeyName(text: string): text is ApiKeyName {
  return /^API_KEY_[A-Z0-9_]+$/.test(text);
}

/** Everything below an environment's path of secrets. */
export type StoredSecretName = SecretName | ApiKeyName;

/** The states of the two stacks that belong to no single environment are in one shared bucket. */
export type StateOwner = EnvironmentName | 'shared';

/** @returns the owners of the states in an account. @param environments those in the account. */
export function stateOwnersOf(environments: readonly EnvironmentName[]): readonly StateOwner[] {
  return ['shared', ...environments];
}

export const stateOwners: readonly StateOwner[] = stateOwnersOf(environmentNames);

/** @returns the bucket with an owner's Terraform states. Bucket names are global, so the name contains the account. */
export function stateBucketName(accountId: string, owner: StateOwner): string {
  return `kairos-tfstate-${accountId}-${owner}`;
}

/**
 * The prefix of log groups to which AWS itself delivers. AWS adds each group by name to a resource policy of at most
 * 5,120 characters, except below this path, which one statement covers.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
const deliveredLogs = '/aws/vendedlogs';

/** All names of one environment, so that each name is composed in one place only. */
export interface EnvironmentNames {
  /** The Terraform stack, and the argument of `cdktf deploy`. */
  readonly stack: string;
  /** The object next to its state with the result of the last smoke test. */
  readonly smokeRecord: string;
  /** The object next to its state with the last notification of the clients' repository. */
  readonly clientRecord: string;
  /** The Lambda function. */
  readonly function: string;
  /** The alias that the API invokes. */
  readonly alias: string;
  /** The HTTP API. */
  readonly api: string;
  /** The function's execution role. */
  readonly executionRole: string;
  /** The alias of the key that encrypts the environment's secrets. */
  readonly keyAlias: string;
  /** The path of the parameters whose values Terraform never reads, with a slash at both ends. */
  readonly secretsPath: string;
  /** The distribution and its web ACL. */
  readonly edge: string;
  /** The role of the function that authorizes requests to the API. */
  readonly authorizerRole: string;
  /** The permissions boundary of all roles of the environment. */
  readonly boundary: string;
  /** The role that plans the environment from a pull request. */
  readonly planRole: string;
  /** The role that deploys it from a job of the GitHub environment of the same name. */
  readonly deployRole: string;
  /** The log group of the function. */
  readonly functionLogGroup: string;
  /** The log group of the API's access log. */
  readonly apiLogGroup: string;
  /** The log group of the distribution's access log, in us-east-1. */
  readonly edgeLogGroup: string;
}

/**
 * @returns the names of an environment. They are a contract: if one changes, a live resource is destroyed and created
 * again.
 */
export function namesOf(environment: EnvironmentName): EnvironmentNames {
  const base = `kairos-${environment}`;
  return {
    stack: base,
    smokeRecord: `${base}.smoke.json`,
    clientRecord: `${base}.client.json`,
    function: base,
    alias: 'live',
    api: base,
    edge: base,
    executionRole: `${base}-function`,
    authorizerRole: `${base}-authorizer`,
    boundary: `${base}-boundary`,
    planRole: `${base}-plan`,
    deployRole: `${base}-deploy`,
    keyAlias: `alias/${base}`,
    secretsPath: `/kairos/${environment}/secrets/`,
    functionLogGroup: `/aws/lambda/${base}`,
    apiLogGroup: `${deliveredLogs}/apigateway/${base}`,
    edgeLogGroup: `${deliveredLogs}/cloudfront/${base}`,
  };
}

/**
 * @param text what was typed as the name of an environment.
 * @throws UserError if there is no such environment. There is no default.
 */
export function parseEnvironmentName(text: string): EnvironmentName {
  const found = environmentNames.find((name) => name === text);
  if (found === undefined) {
    throw new UserError(
      `there is no environment "${text}"; the environments are ${environmentNames.join(', ')}`,
    );
  }
  return found;
}
