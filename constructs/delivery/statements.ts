import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { accountActions, actionsByScope, environmentActions, foundationActions } from '../../aws/actions';
import type { Scopes } from './scopes';

type Statement = DataAwsIamPolicyDocumentStatement;

const tables = {
  environment: environmentActions,
  foundation: foundationActions,
  account: accountActions,
} as const;

/**
 * @param of whose resource types are meant.
 * @param withWrites whether it may apply, or only plan.
 * @returns one statement for each scope that there is something of, named after it.
 * @throws when a scope has no resources: a right on nothing would be found at the first deploy only.
 */
export function tableStatements(
  of: keyof typeof tables,
  scopes: Scopes,
  withWrites: boolean,
): readonly Statement[] {
  return [...actionsByScope(tables[of], withWrites)].flatMap(([scope, actions]) => {
    const scoped = scopes[scope];
    if (scoped === undefined) throw new Error(`the scope ${scope} of the action table has no resources`);
    return scoped === 'nothing' ? [] : { sid: pascalCase(scope), actions: [...actions], ...scoped };
  });
}

export interface StateProps {
  /** The bucket of the state. */
  readonly bucket: string;
  /** The keys of the states in it. */
  readonly keys: readonly string[];
  /** The keys of what is remembered beside them, which nothing locks. @default - nothing is */
  readonly records?: readonly string[];
}

/** @returns the rights to read a state, and with writes to lock and change it. */
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
  /** The ARN of the function that runs what is promoted. */
  readonly functionArn: string;
  readonly state: StateProps;
}

/** @returns the rights to see what an environment runs and whether its smoke test passed, and to change nothing. */
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
 * @returns what `kairos status` looks at after a release: which secrets there are, by name, never their values; and what
 * a canary is judged by while it is on.
 * @param requestLogs the ARNs of the log groups that tell which requests failed.
 */
export function statusStatements(requestLogs: readonly string[]): readonly Statement[] {
  return [
    { sid: 'Status', actions: ['cloudwatch:GetMetricData', 'ssm:DescribeParameters'], resources: ['*'] },
    { sid: 'FailedRequests', actions: ['logs:FilterLogEvents'], resources: [...requestLogs] },
  ];
}

/**
 * @param namespace of what an environment counts itself; no resource narrows the right, and this key does:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
 * @returns the right to say that a release is in progress, which keeps alarms silent.
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
 * What no plan may do whatever else it is allowed, for a pull request can edit the workflow that plans it.
 * @returns an explicit refusal of every secret, of what decrypts one, and of every write of a state.
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
 * @param boundaryArn the policy that bounds every role.
 * @returns the refusals that keep the boundary where it is: no role without it, none loses it, nobody edits it.
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
 * @param boundaryArn the policy that bounds every role.
 * @returns the refusal of a role without it, and of rights for one that has lost it.
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
