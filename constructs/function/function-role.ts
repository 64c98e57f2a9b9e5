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
  /** The ARN of the policy that bounds the role. */
  readonly boundaryArn: string;
  /**
   * The only log group that may be written to: its plain name. Taken from the resource, a changed retention would
   * make the whole policy unknown until it is applied, and every plan of it a change of rights.
   */
  readonly logGroupName: string;
  /** What the function may do besides writing its log. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
}

/** The role of one Lambda function: who may assume it, its log, and what else it may do. */
export class FunctionRole extends Construct {
  readonly role: IamRole;
  /** The rights; a function that starts before they are there fails. */
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
  /** What the statements are named after, in PascalCase. */
  readonly what: string;
  /** The action that reads the parameters. */
  readonly action: 'ssm:GetParameters' | 'ssm:GetParametersByPath';
  /** The ARNs that the action is checked against. */
  readonly resources: readonly string[];
  /** The ARNs of the parameters that may be decrypted; a `*` at the end stands for any name. */
  readonly parameters: readonly string[];
  /** The only key that may decrypt: its ARN. */
  readonly keyArn: string;
  /** The region of the parameters. */
  readonly region: string;
}

/** @returns the rights to read encrypted parameters, with a key that serves SSM alone, and these parameters alone. */
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
