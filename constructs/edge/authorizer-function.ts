import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { FunctionRole, readParameters } from '../function/function-role';
import { LogGroup } from '../log-group';
import { functionCode } from '../../functions/bundle';

/** Which routes need an API key, and where the keys are. */
export interface ApiKeysProps {
  /** The paths that need a key, each including all paths below it. */
  readonly prefixes: readonly string[];
  /** The full names of the SecureString parameters that contain the keys. */
  readonly parameterNames: readonly string[];
  /** The ARN of the KMS key that encrypts them. */
  readonly keyArn: string;
}

export interface AuthorizerFunctionProps {
  /** The name of the function, of its role and of its log group. */
  readonly name: string;
  /** The account of the parameters, 12 digits. */
  readonly accountId: string;
  /** The region of the parameters. */
  readonly region: string;
  /** The ARN of the permissions boundary of the function's role. */
  readonly boundaryArn: string;
  /** The header that contains the origin's secret, in lower case. */
  readonly headerName: string;
  /** SHA-256 of the accepted secrets, in hexadecimal. */
  readonly secretHashes: readonly string[];
  /** @default - no route needs a key */
  readonly apiKeys?: ApiKeysProps;
  /** The retention of the function's log, in days. */
  readonly logRetentionDays: number;
}

/** The function that authorizes each request before it reaches the backend. It knows hashes, but no secret. */
export class AuthorizerFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AuthorizerFunctionProps,
  ) {
    super(scope, id);
    const logGroupName = `/aws/lambda/${props.name}`;
    const logGroup = new LogGroup(this, 'Log', {
      name: logGroupName,
      retentionDays: props.logRetentionDays,
    });
    this.function = this.createFunction(this.createRole(logGroupName), logGroup);
  }

  private createFunction({ role, policy }: FunctionRole, logGroup: LogGroup): LambdaFunction {
    const code = functionCode('origin-authorizer');
    const asset = new TerraformAsset(this, 'Code', { path: code.path, type: AssetType.FILE });
    return new LambdaFunction(this, 'Default', {
      functionName: this.props.name,
      description: 'Admits what comes from CloudFront',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'handler.handler',
      filename: asset.path,
      sourceCodeHash: code.hash,
      role: role.arn,
      memorySize: 256,
      timeout: 5,
      environment: { variables: this.environmentVariables() },
      loggingConfig: {
        logGroup: logGroup.name,
        logFormat: 'JSON',
        applicationLogLevel: 'WARN',
        // No START and REPORT lines, so that a flood of wrong secrets writes no log.
        systemLogLevel: 'WARN',
      },
      dependsOn: [policy],
    });
  }

  private environmentVariables(): Record<string, string> {
    const { headerName, secretHashes, apiKeys } = this.props;
    return {
      KAIROS_ORIGIN_HEADER: headerName,
      KAIROS_ORIGIN_HASHES: secretHashes.join(','),
      ...(apiKeys && {
        KAIROS_API_KEY_PREFIXES: apiKeys.prefixes.join(','),
        KAIROS_API_KEY_PARAMETERS: apiKeys.parameterNames.join(','),
      }),
    };
  }

  private createRole(logGroupName: string): FunctionRole {
    const { accountId, apiKeys, boundaryArn, name, region } = this.props;
    const parameters = (apiKeys?.parameterNames ?? []).map(
      (parameter) => `arn:aws:ssm:${region}:${accountId}:parameter${parameter}`,
    );
    return new FunctionRole(this, 'Role', {
      name,
      accountId,
      region,
      boundaryArn,
      logGroupName,
      statements:
        apiKeys === undefined
          ? []
          : readParameters({
              what: 'ApiKeys',
              action: 'ssm:GetParameters',
              resources: parameters,
              parameters,
              keyArn: apiKeys.keyArn,
              region,
            }),
    });
  }
}
