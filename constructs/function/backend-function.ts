import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaProvisionedConcurrencyConfig } from '@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config';
import { Fn, type IResolvable, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { ExecutionRole } from './execution-role';
import { LogGroup } from '../log-group';

export type Architecture = 'x86_64' | 'arm64';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** A new version that gets a share of the requests, while a proven one gets the rest. */
export interface Canary {
  /** Whether there is one; an expression, for it may be known at plan only. */
  readonly active: IResolvable;
  /** The share of the new version, 0 to 1, as text. */
  readonly share: string;
  /** The version that gets the rest. */
  readonly stableVersion: string;
}

export interface BackendFunctionProps {
  /** The function's name. */
  readonly name: string;
  /** What stands beside each version. @default - nothing */
  readonly description?: string;
  /** The name of the alias that callers use; it moves to each new version. */
  readonly alias: string;
  /** The image by digest: `<repository>@sha256:<64 hex>`. A tag is resolved only once and hides a change. */
  readonly imageUri: string;
  /** The processor that the image was built for. */
  readonly architecture: Architecture;
  /** In MB, 128 to 10240; the share of a processor grows with it (1769 MB are one). */
  readonly memory: number;
  /** How long one invocation may take, in seconds. */
  readonly timeout: number;
  /** The environment variables; none of them a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the function logs to. */
  readonly logGroup: LogGroup;
  /** The least severe line of the application that is kept. */
  readonly logLevel: LogLevel;
  /** What the function may do. */
  readonly executionRole: ExecutionRole;
  /**
   * How many requests may run at once; further ones are answered with 429.
   * @default - what the account has left
   */
  readonly reservedConcurrency?: number;
  /**
   * How many environments of the newest version are kept started; as many again while the next version takes over.
   * @default - none
   */
  readonly provisionedConcurrency?: number;
  /** Not together with provisioned concurrency. @default - a new version gets every request */
  readonly canary?: Canary;
}

/** The backend: a container image as a function, each change a new version, with one alias that callers know. */
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
      // Without its rights a version's first start fails, and nothing in the arguments names the policy.
      dependsOn: [props.executionRole.policy],
    });
  }

  /** @param dependsOn what a version needs before it is called. */
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
    // An empty block would be planned for ever: Lambda answers none for an alias that names one version alone.
    alias.addOverride('dynamic.routing_config.for_each', Fn.conditional(active, [share], []));
    alias.addOverride(
      'dynamic.routing_config.content.additional_version_weights',
      Fn.zipmap([version], [share]),
    );
    return alias;
  }

  /**
   * Of the version and not of the alias: an alias that keeps environments started goes on calling the version before,
   * by a weight that Lambda gives it, until those of the new one are started, and for ever when they cannot start.
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
