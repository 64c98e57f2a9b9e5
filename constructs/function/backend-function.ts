import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaProvisionedConcurrencyConfig } from '@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config';
import { Construct } from 'constructs';
import { ExecutionRole } from './execution-role';
import { LogGroup } from '../log-group';

export type Architecture = 'x86_64' | 'arm64';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface BackendFunctionProps {
  /** The function's name. */
  readonly name: string;
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
  /** How many environments are kept started on the alias. @default - none */
  readonly provisionedConcurrency?: number;
}

/** The backend: a container image as a function, each change a new version, with one alias that callers know. */
export class BackendFunction extends Construct {
  readonly function: LambdaFunction;
  readonly alias: LambdaAlias;

  constructor(scope: Construct, id: string, props: BackendFunctionProps) {
    super(scope, id);
    this.function = this.createFunction(props);
    this.alias = new LambdaAlias(this, 'Alias', {
      name: props.alias,
      functionName: this.function.functionName,
      functionVersion: this.function.version,
    });
    if (props.provisionedConcurrency !== undefined) {
      this.createProvisionedConcurrency(props.provisionedConcurrency);
    }
  }

  private createFunction(props: BackendFunctionProps): LambdaFunction {
    return new LambdaFunction(this, 'Default', {
      functionName: props.name,
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

  private createProvisionedConcurrency(environments: number): void {
    new LambdaProvisionedConcurrencyConfig(this, 'ProvisionedConcurrency', {
      functionName: this.alias.functionName,
      qualifier: this.alias.name,
      provisionedConcurrentExecutions: environments,
    });
  }
}
