import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';

export interface ExecutionRoleProps {
  /** The role's name. */
  readonly name: string;
  /** The account of the parameters, 12 digits. */
  readonly accountId: string;
  /** The region of the parameters. */
  readonly region: string;
  /**
   * The only log group that may be written to: its plain name. Taken from the resource, a changed retention would
   * make the whole policy unknown until it is applied, and every plan of it a change of rights.
   */
  readonly logGroupName: string;
  /** The only path whose parameters may be read, with a slash at both ends. */
  readonly parameterPath: string;
  /** The only key that may decrypt, and only on behalf of SSM: its ARN. */
  readonly keyArn: string;
}

/** What the backend may do in AWS: write its log, trace itself, and read its own environment's parameters. */
export class ExecutionRole extends Construct {
  readonly role: IamRole;
  /** The rights; a function that starts before they are there fails. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    this.role = this.createRole(props);
    this.policy = this.createPolicy(props);
  }

  private createRole({ name }: ExecutionRoleProps): IamRole {
    const trust = new DataAwsIamPolicyDocument(this, 'TrustDocument', {
      statement: [
        {
          actions: ['sts:AssumeRole'],
          principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
        },
      ],
    });
    return new IamRole(this, 'Default', { name, assumeRolePolicy: trust.json });
  }

  private createPolicy(props: ExecutionRoleProps): IamRolePolicy {
    const parameters = `arn:aws:ssm:${props.region}:${props.accountId}:parameter${props.parameterPath}`;
    const document = new DataAwsIamPolicyDocument(this, 'PolicyDocument', {
      statement: [
        {
          sid: 'WriteOwnLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`arn:aws:logs:${props.region}:${props.accountId}:log-group:${props.logGroupName}:*`],
        },
        {
          sid: 'Trace',
          actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          // X-Ray knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
          resources: ['*'],
        },
        {
          sid: 'ReadOwnParameters',
          actions: ['ssm:GetParametersByPath'],
          // The call is checked against the path itself, which is the ARN without the slash at its end.
          resources: [parameters.replace(/\/$/, ''), `${parameters}*`],
        },
        {
          sid: 'DecryptThroughSsmOnly',
          actions: ['kms:Decrypt'],
          resources: [props.keyArn],
          condition: [
            {
              test: 'StringEquals',
              variable: 'kms:ViaService',
              values: [`ssm.${props.region}.amazonaws.com`],
            },
            {
              test: 'ArnLike',
              variable: 'kms:EncryptionContext:PARAMETER_ARN',
              values: [`${parameters}*`],
            },
          ],
        },
      ],
    });
    return new IamRolePolicy(this, 'Policy', {
      name: 'backend',
      role: this.role.name,
      policy: document.json,
    });
  }
}
