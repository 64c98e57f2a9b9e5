import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { LogGroup } from '../log-group';
import { functionCode } from './function-code';

/** Which routes need an API key, and where the keys are. */
export interface ApiKeysProps {
  /** The paths that need a key, each with all below it. */
  readonly prefixes: readonly string[];
  /** Full names of the SecureString parameters that hold the keys. */
  readonly parameterNames: readonly string[];
  /** The ARN of the key that encrypts them. */
  readonly keyArn: string;
}

export interface AuthorizerFunctionProps {
  /** The function's name, also its role's and its log group's. */
  readonly name: string;
  /** The account of the parameters, 12 digits. */
  readonly accountId: string;
  /** The region of the parameters. */
  readonly region: string;
  /** The header that carries the origin's secret, in lower case. */
  readonly headerName: string;
  /** SHA-256 of the secrets that are admitted, in hexadecimal. */
  readonly secretHashes: readonly string[];
  /** @default - no route needs a key */
  readonly apiKeys?: ApiKeysProps;
  /** How long the function's log is kept, in days. */
  readonly logRetentionDays: number;
}

/** The function that judges each request before it reaches the backend. It knows hashes, and no secret. */
export class AuthorizerFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AuthorizerFunctionProps,
  ) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      name: `/aws/lambda/${props.name}`,
      retentionDays: props.logRetentionDays,
    });
    const role = this.createRole();
    const policy = this.createPolicy(role);
    this.function = this.createFunction(role, policy, logGroup);
  }

  private createFunction(role: IamRole, policy: IamRolePolicy, logGroup: LogGroup): LambdaFunction {
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
        // No START and REPORT lines: a flood of wrong secrets writes no log.
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

  private createRole(): IamRole {
    const trust = new DataAwsIamPolicyDocument(this, 'TrustDocument', {
      statement: [
        {
          actions: ['sts:AssumeRole'],
          principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
        },
      ],
    });
    return new IamRole(this, 'Role', { name: this.props.name, assumeRolePolicy: trust.json });
  }

  private createPolicy(role: IamRole): IamRolePolicy {
    const { accountId, apiKeys, name, region } = this.props;
    const document = new DataAwsIamPolicyDocument(this, 'PolicyDocument', {
      statement: [
        {
          sid: 'WriteOwnLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          // By name, not by the group's attribute, so that a plan shows the rights before the group is there.
          resources: [`arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/${name}:*`],
        },
        ...(apiKeys === undefined ? [] : this.rightsToReadKeys(apiKeys)),
      ],
    });
    return new IamRolePolicy(this, 'Policy', {
      name: 'authorizer',
      role: role.name,
      policy: document.json,
    });
  }

  private rightsToReadKeys({
    parameterNames,
    keyArn,
  }: ApiKeysProps): readonly DataAwsIamPolicyDocumentStatement[] {
    const { accountId, region } = this.props;
    const parameters = parameterNames.map((name) => `arn:aws:ssm:${region}:${accountId}:parameter${name}`);
    return [
      { sid: 'ReadApiKeys', actions: ['ssm:GetParameters'], resources: parameters },
      {
        sid: 'DecryptApiKeysThroughSsmOnly',
        actions: ['kms:Decrypt'],
        resources: [keyArn],
        condition: [
          { test: 'StringEquals', variable: 'kms:ViaService', values: [`ssm.${region}.amazonaws.com`] },
          { test: 'StringEquals', variable: 'kms:EncryptionContext:PARAMETER_ARN', values: parameters },
        ],
      },
    ];
  }
}
