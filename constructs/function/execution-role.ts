import { Construct } from 'constructs';
import { FunctionRole, readParameters } from './function-role';

export interface ExecutionRoleProps {
  /** The role's name. */
  readonly name: string;
  /** The account of the parameters, 12 digits. */
  readonly accountId: string;
  /** The region of the parameters. */
  readonly region: string;
  /** The ARN of the permissions boundary of the role. */
  readonly boundaryArn: string;
  /** The plain name of the only log group that the role may write to. */
  readonly logGroupName: string;
  /** The only path whose parameters the role may read, with a slash at both ends. */
  readonly parameterPath: string;
  /** The ARN of the only key that the role may decrypt with, and only through SSM. */
  readonly keyArn: string;
}

/** The permissions of the backend: write its log, send traces, and read its own environment's secrets. */
export class ExecutionRole extends FunctionRole {
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    const path = `arn:aws:ssm:${props.region}:${props.accountId}:parameter${props.parameterPath}`;
    super(scope, id, {
      ...props,
      statements: [
        {
          sid: 'Trace',
          actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          // X-Ray actions cannot be restricted to resources:
          // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
          resources: ['*'],
        },
        ...readParameters({
          what: 'OwnSecrets',
          action: 'ssm:GetParametersByPath',
          // IAM checks the call against the path itself, which is the ARN without the slash at its end.
          resources: [path.replace(/\/$/, ''), `${path}*`],
          parameters: [`${path}*`],
          keyArn: props.keyArn,
          region: props.region,
        }),
      ],
    });
  }
}
