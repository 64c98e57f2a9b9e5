import type { EdgeConfiguration } from './edge';
import type { EnvironmentName } from './names';
import type { ObservabilityConfiguration } from './observability';

/** The whole table: what all environments share, and where they differ. */
export interface Configuration {
  /**
   * The AWS account of the image, and of every environment without a separate account, 12 digits.
   * `KAIROS_AWS_ACCOUNT_ID` overrides it.
   */
  readonly accountId: string;
  /** The AWS region of every environment whose account has no other region. `KAIROS_AWS_REGION` overrides it. */
  readonly region: string;
  /**
   * The account's concurrency quota. A new account may have 10; `aws lambda get-account-settings` prints it.
   * @default 1000
   */
  readonly accountConcurrency?: number;
  /** The source repository of this project, for the tags of every resource. */
  readonly repository: string;
  /** Which repository may deploy from GitHub. `false`: none; people deploy with their own credentials. */
  readonly github: GitHubConfiguration | false;
  /** The backend's image, one for all environments. */
  readonly image: ImageConfiguration;
  /** One entry per environment. */
  readonly environments: Readonly<Record<EnvironmentName, Environment>>;
}

/** The ids of the repository that `repository` names: `gh api repos/OWNER/NAME --jq '.owner.id, .id'` prints both. */
export interface GitHubConfiguration {
  /** The id of the owner, which does not change if the owner is renamed. */
  readonly ownerId: number;
  /** The id of the repository. Only its jobs can assume the roles. */
  readonly repositoryId: number;
  /** An account has one identity provider for GitHub: `make` creates it, `take-over` uses the existing one. */
  readonly provider: 'make' | 'take-over';
}

export interface ImageConfiguration {
  /** The ECR repository. */
  readonly repository: string;
  /**
   * The processor of the image and the functions. One digest is promoted through all environments, so it is the same
   * for all.
   */
  readonly architecture: 'x86_64' | 'arm64';
  /** The base image of the backend's image. */
  readonly baseImage: string;
  /**
   * Which Dockerfile builds it: `project` is images/backend/Dockerfile, `backend` is that of the backend's checkout.
   */
  readonly recipe: 'project' | 'backend';
  /** The maximum size of a build context, in bytes. */
  readonly maximumContextBytes: number;
}

export interface Environment {
  /** The separate AWS account of this environment. @default - the account of the table */
  readonly account?: AccountConfiguration;
  /**
   * The value of `ENVIRONMENT` for the backend. The backend accepts these values and `local`, which is not a
   * deployment.
   */
  readonly applicationEnvironment: 'staging' | 'production';
  /** The function that runs the backend. */
  readonly function: FunctionConfiguration;
  /** The HTTP API of the function. */
  readonly gateway: GatewayConfiguration;
  /** The edge of the API: CloudFront, a firewall and a lock on the API. `false`: no edge. */
  readonly edge: EdgeConfiguration | false;
  /** The log retention, in days; one of CloudWatch's values. */
  readonly logRetention: number;
  /** Alarms, saved queries and a dashboard. `false`: none, because they are billed. */
  readonly observability: ObservabilityConfiguration | false;
  /** The MongoDB cluster. */
  readonly database: DatabaseConfiguration;
  /** How the backend sends mail. */
  readonly mail: MailConfiguration;
  /** The origins that a browser may call the backend from: scheme and host, without a slash at the end. */
  readonly corsOrigins: readonly string[];
  /** Raise it by one after `kairos secrets set`, to publish a version that reads the new values. */
  readonly secretsRevision: number;
}

export interface AccountConfiguration {
  /** The account, 12 digits. */
  readonly id: string;
  /**
   * The region of everything in the account except CloudFront. Lambda only accepts an image from its own region, so ECR
   * then copies each pushed image into a repository of this account. docs/decisions/0018-an-account-for-one-environment.md
   * @default - the region of the table, and no copies
   */
  readonly region?: string;
  /** The account's concurrency quota. A new account may have 10. @default 1000 */
  readonly concurrency?: number;
}

export interface FunctionConfiguration {
  /** The module and attribute of the handler in the image, such as `kairos.main.handler`. */
  readonly handler: string;
  /** In MB, 128 to 10240. */
  readonly memory: number;
  /** The time-out of an invocation, in whole seconds; less than the time-out of the gateway. */
  readonly timeout: number;
  /** The minimum level of the application's log lines that are kept. */
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** `environment` opens the application's lifespan once and keeps it open; `invocation` opens it in each request. */
  readonly lifespan: 'environment' | 'invocation';
  /** How long the lifespan may take to start, in seconds; less than `timeout`. @default 5 */
  readonly lifespanStartLimit?: number;
  /** After a pause longer than this, in seconds, the lifespan is opened again before a request. @default 240 */
  readonly lifespanPauseLimit?: number;
  /**
   * How many requests may run at the same time. AWS refuses it unless 100 of the account's quota remain unreserved, so
   * an account with a small quota has none: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   * @default - what the account has left, and the database must support that
   */
  readonly reservedConcurrency?: number;
  /**
   * The provisioned concurrency. A release starts the same number for the new version before it goes live, so twice the
   * number must fit into the reserved concurrency. A canary is not possible.
   * docs/decisions/0022-started-before-called.md
   * @default - none
   */
  readonly provisionedConcurrency?: number;
}

export interface GatewayConfiguration {
  /** How long the gateway waits for the function, in whole seconds; at most 30. */
  readonly timeout: number;
  /** The steady rate of the throttle, in requests per second. */
  readonly throttlingRateLimit: number;
  /** The burst of the throttle, in requests. */
  readonly throttlingBurstLimit: number;
  /**
   * CORS, answered by the gateway. It then overrides the application's own.
   * @default - the application answers
   */
  readonly cors?: GatewayCorsConfiguration;
}

export interface GatewayCorsConfiguration {
  /** The origins that a browser may call from. `*` is refused together with credentials. */
  readonly allowOrigins: readonly string[];
  /** The methods that a browser may use. */
  readonly allowMethods: readonly string[];
  /** The request headers that a browser may send. */
  readonly allowHeaders: readonly string[];
  /** Whether a browser may send cookies and authorization. It cannot be combined with the origin `*`. */
  readonly allowCredentials: boolean;
  /** How long a browser may cache the response to a preflight, in seconds. */
  readonly maxAge: number;
}

export interface DatabaseConfiguration {
  /** The name of the database. */
  readonly name: string;
  /** How many connections the cluster allows. */
  readonly connectionLimit: number;
  /**
   * How many of them one execution environment uses. With three members it is 6: a monitor for each, and 3 for queries,
   * which deleting a user opens, the most of any route (measured: 3 and 1 with one member).
   */
  readonly connectionsPerFunctionEnvironment: number;
}

export interface MailConfiguration {
  /** The account at the mail service. */
  readonly username: string;
  /** The domain of the sender address. */
  readonly from: string;
  /** The port of the mail server. */
  readonly port: number;
  /** The host name of the mail server. */
  readonly server: string;
}
