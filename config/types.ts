import type { EdgeConfiguration } from './edge';
import type { EnvironmentName } from './names';
import type { ObservabilityConfiguration } from './observability';

/** The whole table: what all environments share, and where they differ. */
export interface Configuration {
  /**
   * The AWS account of the image, and of every environment that has none of its own, 12 digits.
   * `KAIROS_AWS_ACCOUNT_ID` overrides it.
   */
  readonly accountId: string;
  /** The AWS region of every environment. `KAIROS_AWS_REGION` overrides it. */
  readonly region: string;
  /**
   * The account's quota of requests that functions serve at once; a new account may have 10. `aws lambda
   * get-account-settings` tells it.
   * @default 1000
   */
  readonly accountConcurrency?: number;
  /** Where this project's source lives; part of every resource's tags. */
  readonly repository: string;
  /** Who may deploy from GitHub. `false`: nobody; people deploy with credentials of their own. */
  readonly github: GitHubConfiguration | false;
  /** The backend's image, one for all environments. */
  readonly image: ImageConfiguration;
  /** One entry per environment. */
  readonly environments: Readonly<Record<EnvironmentName, Environment>>;
}

/** The ids of the repository that `repository` names: `gh api repos/OWNER/NAME --jq '.owner.id, .id'` prints both. */
export interface GitHubConfiguration {
  /** The id of the owner; it survives a new name. */
  readonly ownerId: number;
  /** The id of the repository; only its jobs are let in. */
  readonly repositoryId: number;
  /** An account has one provider of GitHub's identities: `make` it, or `take-over` the one that is there. */
  readonly provider: 'make' | 'take-over';
}

export interface ImageConfiguration {
  /** The ECR repository. */
  readonly repository: string;
  /** The processor of image and functions. One digest travels through all environments, so it is theirs all. */
  readonly architecture: 'x86_64' | 'arm64';
  /** The image that the backend's is built on. */
  readonly baseImage: string;
  /** Whose Dockerfile builds it: `project` is images/backend/Dockerfile, `backend` the one of its checkout. */
  readonly recipe: 'project' | 'backend';
  /** The most that a build context may weigh, in bytes. */
  readonly maximumContextBytes: number;
}

export interface Environment {
  /** An AWS account that is this environment's alone. @default - it lives in the account of the table */
  readonly account?: AccountConfiguration;
  /** What the backend is told in `ENVIRONMENT`; it accepts these and `local`, which no deployment is. */
  readonly applicationEnvironment: 'staging' | 'production';
  /** The function that runs the backend. */
  readonly function: FunctionConfiguration;
  /** The HTTP API in front of it. */
  readonly gateway: GatewayConfiguration;
  /** What stands in front of the API: CloudFront, a firewall and a lock on the API. `false`: nothing does. */
  readonly edge: EdgeConfiguration | false;
  /** How long logs are kept, in days; one of CloudWatch's values. */
  readonly logRetention: number;
  /** Alarms, saved queries and dashboard. `false`: none, for they have a price. */
  readonly observability: ObservabilityConfiguration | false;
  /** The MongoDB cluster. */
  readonly database: DatabaseConfiguration;
  /** How the backend sends mail. */
  readonly mail: MailConfiguration;
  /** The origins that a browser may call the backend from: scheme and host, no slash at the end. */
  readonly corsOrigins: readonly string[];
  /** Raise it by one after `kairos secrets set`: a version that reads the new values is then published. */
  readonly secretsRevision: number;
}

export interface AccountConfiguration {
  /** The account, 12 digits. It is in the region of the table: Lambda takes an image of its own region only. */
  readonly id: string;
  /** The account's quota of requests that functions serve at once; a new account may have 10. @default 1000 */
  readonly concurrency?: number;
}

export interface FunctionConfiguration {
  /** The module and attribute of the handler in the image, such as `kairos.main.handler`. */
  readonly handler: string;
  /** In MB, 128 to 10240. */
  readonly memory: number;
  /** How long one invocation may take, in whole seconds; less than the gateway waits. */
  readonly timeout: number;
  /** The least severe line of the application that is kept. */
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** `environment` opens the application's lifespan once and keeps it, `invocation` in each request. */
  readonly lifespan: 'environment' | 'invocation';
  /** How long the lifespan may take to start, in seconds; less than `timeout`. @default 5 */
  readonly lifespanStartLimit?: number;
  /** After a pause longer than this, in seconds, the lifespan is opened again before a request. @default 240 */
  readonly lifespanPauseLimit?: number;
  /**
   * How many requests may run at once. AWS refuses it unless the account's quota leaves 100 unreserved, so an account
   * with a small quota has none: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   * @default - what the account has left, and then the database must bear that
   */
  readonly reservedConcurrency?: number;
  /**
   * How many environments are kept started. A release starts as many of its version before it goes live, so twice as
   * many must fit into what is reserved. A canary is not possible. docs/decisions/0022-started-before-called.md
   * @default - none
   */
  readonly provisionedConcurrency?: number;
}

export interface GatewayConfiguration {
  /** How long the gateway waits for the function, in whole seconds; AWS allows 30. */
  readonly timeout: number;
  /** The steady rate that is admitted, in requests per second. */
  readonly throttlingRateLimit: number;
  /** The burst that is admitted, in requests. */
  readonly throttlingBurstLimit: number;
  /**
   * CORS answered by the gateway. It then overrides the application's own.
   * @default - the application answers
   */
  readonly cors?: GatewayCorsConfiguration;
}

export interface GatewayCorsConfiguration {
  /** The origins that a browser may call from; `*` is refused together with credentials. */
  readonly allowOrigins: readonly string[];
  /** The methods that a browser may use. */
  readonly allowMethods: readonly string[];
  /** The request headers that a browser may send. */
  readonly allowHeaders: readonly string[];
  /** Whether a browser may send cookies and authorization; never together with the origin `*`. */
  readonly allowCredentials: boolean;
  /** How long a browser may keep the answer to a preflight, in seconds. */
  readonly maxAge: number;
}

export interface DatabaseConfiguration {
  /** The name of the database. */
  readonly name: string;
  /** How many connections the cluster takes. */
  readonly connectionLimit: number;
  /**
   * How many of them one running function environment holds. To three members 6: a monitor for each, and 3 that work,
   * which the deletion of a user opens, the most of any route (measured: 3 and 1 to one member).
   */
  readonly connectionsPerFunctionEnvironment: number;
}

export interface MailConfiguration {
  /** The account at the mail service. */
  readonly username: string;
  /** The domain that mail comes from. */
  readonly from: string;
  /** The port of the mail server. */
  readonly port: number;
  /** The host name of the mail server. */
  readonly server: string;
}
