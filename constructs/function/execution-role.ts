import { Construct } from 'constructs';
import { FunctionRole, readParameters } from './function-role';

export interface ExecutionRoleProps {
  /** The role's name. */
  readonly name: string;
  /** The account of the parameters, 12 digits. */
  readonly accountId: string;
  /** The region of the parameters. */
  readonly region: string;
  /** The ARN of the policy that bounds the role. */
  readonly boundaryArn: string;
  /** The plain name of the only log group that may be written to. */
  readonly logGroupName: string;
  /** The only path whose parameters may be read, with a slash at both ends. */
  readonly parameterPath: string;
  /** The only key that may decrypt, and only on behalf of SSM: its ARN. */
  readonly keyArn: string;
}

/** What the backend may do in AWS: write its log, trace itself, and read its own environment's secrets. */
export class ExecutionRole extends FunctionRole {
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    const path = `arn:aws:ssm:${props.region}:${props.accountId}:parameter${props.parameterPath}`;
    super(scope, id, {
      ...props,
      statements: [
        {
          sid: 'Trace',
          actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          // X-Ray knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
          resources: ['*'],
        },
        ...readParameters({
          what: 'OwnSecrets',
          action: 'ssm:GetParametersByPath',
          // The call is checked against the path itself, which is the ARN without the slash at its end.
          resources: [path.replace(/\/$/, ''), `${path}*`],
          parameters: [`${path}*`],
          keyArn: props.keyArn,
          region: props.region,
        }),
      ],
    });
  }
}
