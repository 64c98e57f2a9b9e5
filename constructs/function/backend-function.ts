import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaProvisionedConcurrencyConfig } from '@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config';
import { Fn, type IResolvable, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { ExecutionRole } from './execution-role';
import { LogGroup } from '../log-group';

export type Architecture = 'x86_64' | 'arm64';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** A new version that gets a share of the requests, while the previous version gets the rest. */
export interface Canary {
  /** Whether there is a canary. It is an expression, because it may be known only at plan. */
  readonly active: IResolvable;
  /** The share of the new version, 0 to 1, as text. */
  readonly share: string;
  /** The version that gets the rest. */
  readonly stableVersion: string;
}

export interface BackendFunctionProps {
  /** The function's name. */
  readonly name: string;
  /** The description of each version. @default - none */
  readonly description?: string;
  /** The name of the alias that callers use. It moves to each new version. */
  readonly alias: string;
  /**
   * The image with its digest: `<repository>@sha256:<64 hex>`. A tag would be resolved only once, and would hide a
   * change.
   */
  readonly imageUri: string;
  /** The processor that the image was built for. */
  readonly architecture: Architecture;
  /** In MB, 128 to 10240. The share of a processor grows with it (1769 MB are one processor). */
  readonly memory: number;
  /** The time-out of an invocation, in seconds. */
  readonly timeout: number;
  /** The environment variables. None of them is a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** The log group of the function. */
  readonly logGroup: LogGroup;
  /** The minimum level of the application's log lines that are kept. */
  readonly logLevel: LogLevel;
  /** The execution role of the function. */
  readonly executionRole: ExecutionRole;
  /**
   * How many requests may run at the same time. Further requests are answered with 429.
   * @default - what the account has left
   */
  readonly reservedConcurrency?: number;
  /**
   * The provisioned concurrency of the newest version. The same number is added while the next version takes over.
   * @default - none
   */
  readonly provisionedConcurrency?: number;
  /** It cannot be combined with provisioned concurrency. @default - a new version gets every request */
  readonly canary?: Canary;
}

/** The backend: a function from a container image. Each change publishes a version, and callers use one alias. */
export class BackendFunction extends Construct {
  readonly function: LambdaFunction;
  readonly alias: LambdaAlias;

  constructor(scope: Construct, id: string, props: BackendFunctionProps) {
    super(scope, id);
    this.function = this.createFunction(props);
    const { provisionedConcurrency: kept } = props;
    const started = kept === undefined ? [] : [this.createProvisionedConcurrency(kept)];
    this.alias = this.createAlias(props, started);
  }

  private createFunction(props: BackendFunctionProps): LambdaFunction {
    return new LambdaFunction(this, 'Default', {
      functionName: props.name,
      description: props.description,
      packageType: 'Image',
      imageUri: props.imageUri,
      architectures: [props.architecture],
      memorySize: props.memory,
      timeout: props.timeout,
      role: props.executionRole.role.arn,
      publish: true,
      reservedConcurrentExecutions: props.reservedConcurrency,
      environment: { variables: { ...props.environment } },
      tracingConfig: { mode: 'Active' },
      loggingConfig: {
        logFormat: 'JSON',
        logGroup: props.logGroup.name,
        applicationLogLevel: props.logLevel,
        systemLogLevel: 'INFO',
      },
      // Without its permissions, a version's first start fails. Nothing in the arguments refers to the policy.
      dependsOn: [props.executionRole.policy],
    });
  }

  /** @param dependsOn what must exist before a version is invoked. */
  private createAlias(
    { alias: name, canary }: BackendFunctionProps,
    dependsOn: readonly ITerraformDependable[],
  ): LambdaAlias {
    const { functionName, version } = this.function;
    const called = { name, functionName, dependsOn: [...dependsOn] };
    if (canary === undefined) return new LambdaAlias(this, 'Alias', { ...called, functionVersion: version });
    const { active, share, stableVersion } = canary;
    const functionVersion = Token.asString(Fn.conditional(active, stableVersion, version));
    const alias = new LambdaAlias(this, 'Alias', { ...called, functionVersion });
    // With an empty block, every plan would have a change, because Lambda returns none for an alias with one version.
    alias.addOverride('dynamic.routing_config.for_each', Fn.conditional(active, [share], []));
    alias.addOverride(
      'dynamic.routing_config.content.additional_version_weights',
      Fn.zipmap([version], [share]),
    );
    return alias;
  }

  /**
   * For the version and not for the alias. An alias with provisioned concurrency keeps calling the previous version, by
   * a weight that Lambda adds, until the environments of the new version are started. If they cannot start, it does so
   * for ever.
   * https://github.com/hashicorp/terraform/issues/24957
   */
  private createProvisionedConcurrency(environments: number): LambdaProvisionedConcurrencyConfig {
    return new LambdaProvisionedConcurrencyConfig(this, 'ProvisionedConcurrency', {
      functionName: this.function.functionName,
      qualifier: this.function.version,
      provisionedConcurrentExecutions: environments,
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
