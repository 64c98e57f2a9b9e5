import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';

export interface FunctionRoleProps {
  /** The role's name. */
  readonly name: string;
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region of the function. */
  readonly region: string;
  /** The ARN of the permissions boundary of the role. */
  readonly boundaryArn: string;
  /**
   * The plain name of the only log group that the role may write to. If it were taken from the resource, a changed
   * retention would make the whole policy unknown until the apply, and every plan would show changed permissions.
   */
  readonly logGroupName: string;
  /** The other permissions of the function. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
}

/** The role of one Lambda function: its trust policy, its log, and its other permissions. */
export class FunctionRole extends Construct {
  readonly role: IamRole;
  /** The permissions. A function that starts before they exist fails. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id);
    this.role = this.createRole(props);
    this.policy = this.createPolicy(props);
  }

  private createRole({ name, boundaryArn }: FunctionRoleProps): IamRole {
    const trust = new DataAwsIamPolicyDocument(this, 'TrustDocument', {
      statement: [
        {
          actions: ['sts:AssumeRole'],
          principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
        },
      ],
    });
    return new IamRole(this, 'Default', {
      name,
      assumeRolePolicy: trust.json,
      permissionsBoundary: boundaryArn,
    });
  }

  private createPolicy(props: FunctionRoleProps): IamRolePolicy {
    const { accountId, logGroupName, region, statements } = props;
    const document = new DataAwsIamPolicyDocument(this, 'PolicyDocument', {
      statement: [
        {
          sid: 'WriteOwnLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}:*`],
        },
        ...statements,
      ],
    });
    return new IamRolePolicy(this, 'Policy', {
      name: 'function',
      role: this.role.name,
      policy: document.json,
    });
  }
}

export interface ReadParametersProps {
  /** The prefix of the statement ids, in PascalCase. */
  readonly what: string;
  /** The action that reads the parameters. */
  readonly action: 'ssm:GetParameters' | 'ssm:GetParametersByPath';
  /** The ARNs that IAM checks for the action. */
  readonly resources: readonly string[];
  /** The ARNs of the parameters that may be decrypted. A `*` at the end matches any name. */
  readonly parameters: readonly string[];
  /** The ARN of the only key that may be used to decrypt. */
  readonly keyArn: string;
  /** The region of the parameters. */
  readonly region: string;
}

/** @returns the permissions to read encrypted parameters: these parameters only, and the key only through SSM. */
export function readParameters(props: ReadParametersProps): readonly DataAwsIamPolicyDocumentStatement[] {
  return [
    { sid: `Read${props.what}`, actions: [props.action], resources: [...props.resources] },
    {
      sid: `Decrypt${props.what}ThroughSsmOnly`,
      actions: ['kms:Decrypt'],
      resources: [props.keyArn],
      condition: [
        { test: 'StringEquals', variable: 'kms:ViaService', values: [`ssm.${props.region}.amazonaws.com`] },
        {
          test: 'ArnLike',
          variable: 'kms:EncryptionContext:PARAMETER_ARN',
          values: [...props.parameters],
        },
      ],
    },
  ];
}
