import { UserError } from '../errors';

/** The environments that exist, in the order in which a digest travels through them. */
export const environmentNames = ['dev', 'staging', 'prod'] as const;

export type EnvironmentName = (typeof environmentNames)[number];

/** The stack that holds what exists once per account. */
export const foundationStackName = 'kairos-foundation';

/** @returns the stack that holds what exists once in the account that is an environment's own. */
export function foundationStackOf(environment: EnvironmentName): string {
  return `${foundationStackName}-${environment}`;
}

/** @param separate the environment whose own account is meant. @default - the account of the table */
export function foundationOf(separate?: EnvironmentName): string {
  return separate === undefined ? foundationStackName : foundationStackOf(separate);
}

/** What the pipelines use for what exists once per account, the image included. */
export const foundationNames = {
  planRole: `${foundationStackName}-plan`,
  deployRole: `${foundationStackName}-deploy`,
  /** The policy that bounds every role of the pipelines. */
  boundary: 'kairos-pipeline-boundary',
} as const;

/** The stack that builds and pushes the image; the only one that needs a Docker daemon. */
export const imageStackName = 'kairos-image';

/**
 * How many images the repository keeps, the newest. ECR does not know which of them run, so it is far more than are
 * pushed between two runs of `kairos image prune`; `kairos image status` says when it comes near.
 */
export const keptImages = 1_000;

/** The header by which CloudFront proves to the API that a request came through it. */
export const originHeaderName = 'x-origin-verify';

/** The metadata of routes that the table wants open behind an edge: no policy refuses them. */
export const openOriginMark = 'kairos:open-origin';

/** The path that a health check asks; it is answered at the edge, and no route of the backend may have it. */
export const healthPath = '/edge-health';

/** The value of a secret's parameter until `kairos secrets set` has written one. */
export const unsetPlaceholder = 'unset';

/**
 * The secrets of the application, named as the environment variables that the backend reads.
 * A name that leaves this list is a parameter that Terraform would delete: see docs/runbook.md first.
 */
export const secretNames = [
  'SECRET_KEY',
  'MONGO_USERNAME',
  'MONGO_PASSWORD',
  'MONGO_HOST',
  'RESEND_API_KEY',
] as const;

export type SecretName = (typeof secretNames)[number];

/** A key for routes that ask for one: a secret that an environment has when its `edge.apiKeys` names it. */
export type ApiKeyName = `API_KEY_${string}`;

/** @returns whether a text can be the name of an API key. */
export function isApiKeyName(text: string): text is ApiKeyName {
  return /^API_KEY_[A-Z0-9_]+$/.test(text);
}

/** Whatever lies below an environment's path of secrets. */
export type StoredSecretName = SecretName | ApiKeyName;

/** The state of the two stacks that belong to no single environment lies in one shared bucket. */
export type StateOwner = EnvironmentName | 'shared';

/** @returns whose state an account keeps. @param environments those that live in it. */
export function stateOwnersOf(environments: readonly EnvironmentName[]): readonly StateOwner[] {
  return ['shared', ...environments];
}

export const stateOwners: readonly StateOwner[] = stateOwnersOf(environmentNames);

/** @returns the bucket that holds an owner's Terraform state; bucket names are global, hence the account. */
export function stateBucketName(accountId: string, owner: StateOwner): string {
  return `kairos-tfstate-${accountId}-${owner}`;
}

/**
 * Where AWS itself delivers logs to. It admits each group by name in a resource policy of at most 5,120 characters,
 * except below this path, which one statement covers.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
const deliveredLogs = '/aws/vendedlogs';

/** Every name of one environment, so that no name is put together in two places. */
export interface EnvironmentNames {
  /** The Terraform stack, and the argument of `cdktf deploy`. */
  readonly stack: string;
  /** The object beside its state that holds what the last smoke test has shown. */
  readonly smokeRecord: string;
  /** The object beside it that holds what the clients' repository was told last. */
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
  /** The path of the parameters whose value Terraform never sees, with a slash at both ends. */
  readonly secretsPath: string;
  /** The distribution and its web ACL. */
  readonly edge: string;
  /** The role of the function that locks the API. */
  readonly authorizerRole: string;
  /** The policy that bounds what any role of the environment can ever do. */
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

/** @returns the names of an environment. They are contract: a changed name recreates a live resource. */
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
 * @param text what somebody typed as the name of an environment.
 * @throws UserError when there is no such environment; there is no default one.
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
