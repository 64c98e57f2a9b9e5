import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { actionsByScope, type ActionTable } from '../../aws/actions';
import type { Scopes } from './scopes';

type Statement = DataAwsIamPolicyDocumentStatement;

/**
 * @param table the resource types, and what each of them needs.
 * @param withWrites whether the role may apply, or only plan.
 * @returns one statement for each scope that has resources, named after the scope.
 * @throws when a scope has no resources. Otherwise only the first deploy would show that the permission is empty.
 */
export function tableStatements(
  table: ActionTable,
  scopes: Scopes,
  withWrites: boolean,
): readonly Statement[] {
  return [...actionsByScope(table, withWrites)].flatMap(([scope, actions]) => {
    const scoped = scopes[scope];
    if (scoped === undefined) throw new Error(`the scope ${scope} of the action table has no resources`);
    return scoped === 'nothing' ? [] : { sid: pascalCase(scope), actions: [...actions], ...scoped };
  });
}

export interface StateProps {
  /** The bucket of the states. */
  readonly bucket: string;
  /** The object keys of the states in it. */
  readonly keys: readonly string[];
  /** The object keys of other remembered values in it, which have no lock. @default - none */
  readonly records?: readonly string[];
}

/** @returns the permissions to read a state, and with writes to lock and change it. */
export function stateStatements(
  { bucket, keys, records = [] }: StateProps,
  withWrites: boolean,
): readonly Statement[] {
  const remembered = records.map((key) => `arn:aws:s3:::${bucket}/${key}`);
  const objects = keys.map((key) => `arn:aws:s3:::${bucket}/${key}`);
  const locks = objects.map((object) => `${object}.tflock`);
  return [
    { sid: 'ListState', actions: ['s3:ListBucket'], resources: [`arn:aws:s3:::${bucket}`] },
    { sid: 'ReadState', actions: ['s3:GetObject'], resources: objects },
    ...(withWrites
      ? [
          { sid: 'WriteState', actions: ['s3:PutObject'], resources: objects },
          {
            sid: 'LockState',
            actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
            resources: locks,
          },
          ...(remembered.length === 0
            ? []
            : [{ sid: 'Remember', actions: ['s3:GetObject', 's3:PutObject'], resources: remembered }]),
        ]
      : []),
  ];
}

export interface SourceProps {
  /** The ARN of the function that runs the image to promote. */
  readonly functionArn: string;
  readonly state: StateProps;
}

/** @returns the read permissions that show what an environment runs, and whether its smoke test passed. */
export function promotionStatements({ functionArn, state }: SourceProps): readonly Statement[] {
  const { bucket, keys, records = [] } = state;
  return [
    {
      sid: 'SeePromoted',
      actions: ['lambda:GetAlias', 'lambda:GetFunction'],
      resources: [functionArn, `${functionArn}:*`],
    },
    { sid: 'ListPromoted', actions: ['s3:ListBucket'], resources: [`arn:aws:s3:::${bucket}`] },
    {
      sid: 'ReadPromoted',
      actions: ['s3:GetObject'],
      resources: [...keys, ...records].map((key) => `arn:aws:s3:::${bucket}/${key}`),
    },
  ];
}

/**
 * @returns the permissions of `kairos status` after a release: the names of the secrets, but not their values, and the
 * figures that a running canary is judged by.
 * @param requestLogs the ARNs of the log groups that show which requests failed.
 */
export function statusStatements(requestLogs: readonly string[]): readonly Statement[] {
  return [
    { sid: 'Status', actions: ['cloudwatch:GetMetricData', 'ssm:DescribeParameters'], resources: ['*'] },
    { sid: 'FailedRequests', actions: ['logs:FilterLogEvents'], resources: [...requestLogs] },
  ];
}

/**
 * @param namespace the namespace of the environment's own metrics. The action cannot be restricted by a resource, only
 * by this key:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
 * @returns the permission to mark a release in progress, which suppresses alarms.
 */
export function releaseMarkStatements(namespace: string): readonly Statement[] {
  return [
    {
      sid: 'MarkRelease',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      condition: [{ test: 'StringEquals', variable: 'cloudwatch:namespace', values: [namespace] }],
    },
  ];
}

/**
 * What no plan may do, even if other statements allow it, because a pull request can edit the workflow that plans it.
 * @returns an explicit deny of every secret, of decrypting one, and of every write of a state.
 */
export function harmlessStatements(): readonly Statement[] {
  return [
    {
      sid: 'NoSecret',
      effect: 'Deny',
      actions: ['ssm:GetParameter*', 'secretsmanager:GetSecretValue', 'kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    },
    {
      sid: 'NoWrite',
      effect: 'Deny',
      actions: ['s3:Put*', 's3:Delete*', 'lambda:Invoke*', 'sts:AssumeRole*', 'iam:PassRole'],
      resources: ['*'],
    },
  ];
}

/**
 * @param boundaryArn the permissions boundary of every role.
 * @returns the denies that protect the boundary: no role without it, no role loses it, and nobody edits it.
 */
export function boundaryStatements(boundaryArn: string): readonly Statement[] {
  return [
    requiredBoundary(boundaryArn),
    {
      sid: 'NoOtherBoundary',
      effect: 'Deny',
      actions: [
        'iam:DeleteRolePermissionsBoundary',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:SetDefaultPolicyVersion',
      ],
      resources: ['*'],
    },
  ];
}

/**
 * @param boundaryArn the permissions boundary of every role.
 * @returns the deny of a role without the boundary, and of permissions for a role that has lost it.
 */
export function requiredBoundary(boundaryArn: string): Statement {
  return {
    sid: 'NoRoleWithoutBoundary',
    effect: 'Deny',
    actions: [
      'iam:CreateRole',
      'iam:PutRolePermissionsBoundary',
      'iam:PutRolePolicy',
      'iam:AttachRolePolicy',
    ],
    resources: ['*'],
    condition: [{ test: 'StringNotEquals', variable: 'iam:PermissionsBoundary', values: [boundaryArn] }],
  };
}

function pascalCase(text: string): string {
  return text.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
