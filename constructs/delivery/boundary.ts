import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { Construct } from 'constructs';

export interface BoundaryProps {
  /** The policy's name. */
  readonly name: string;
  /** The description of the policy. */
  readonly description: string;
  /** Everything that a role with this boundary can do, whatever its own policies say. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
export class Boundary extends Construct {
  constructor(scope: Construct, id: string, props: BoundaryProps) {
    super(scope, id);
    const document = new DataAwsIamPolicyDocument(this, 'Document', { statement: [...props.statements] });
    new IamPolicy(this, 'Default', {
      name: props.name,
      description: props.description,
      policy: document.json,
    });
  }
}

export interface FunctionBoundaryProps {
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region of the functions. */
  readonly region: string;
  /** The path of the parameters that they may read, with a slash at both ends. */
  readonly parameterPath: string;
  /** The prefix of the names of their log groups. */
  readonly logGroupPrefix: string;
}

/** @returns everything that a function of an environment can need: its logs, traces, and its environment's secrets. */
export function functionBoundary(props: FunctionBoundaryProps): readonly DataAwsIamPolicyDocumentStatement[] {
  const { accountId, region, parameterPath, logGroupPrefix } = props;
  const path = `arn:aws:ssm:${region}:${accountId}:parameter${parameterPath}`;
  return [
    {
      sid: 'Logs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`arn:aws:logs:${region}:${accountId}:log-group:${logGroupPrefix}*`],
    },
    {
      sid: 'Traces',
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
    },
    {
      sid: 'OwnSecrets',
      actions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
      resources: [path.replace(/\/$/, ''), `${path}*`],
    },
    {
      sid: 'DecryptThroughSsmOnly',
      actions: ['kms:Decrypt'],
      resources: [`arn:aws:kms:${region}:${accountId}:key/*`],
      condition: [
        { test: 'StringEquals', variable: 'kms:ViaService', values: [`ssm.${region}.amazonaws.com`] },
        { test: 'ArnLike', variable: 'kms:EncryptionContext:PARAMETER_ARN', values: [`${path}*`] },
      ],
    },
  ];
}

/**
 * @param prefix of the names of the project's roles and policies.
 * @param serviceRoles the ARNs of roles that AWS creates for itself on behalf of the pipeline.
 * @returns everything except actions outside of the project: other roles, users and keys, and whole accounts.
 */
export function pipelineBoundary(
  accountId: string,
  prefix: string,
  serviceRoles: readonly string[],
): readonly DataAwsIamPolicyDocumentStatement[] {
  return [
    { sid: 'WhatItsOwnPolicySays', actions: ['*'], resources: ['*'] },
    {
      sid: 'NobodyElsesIdentity',
      effect: 'Deny',
      actions: ['iam:Create*', 'iam:Put*', 'iam:Attach*', 'iam:Update*', 'iam:Delete*', 'iam:Add*'],
      notResources: [
        `arn:aws:iam::${accountId}:role/${prefix}*`,
        `arn:aws:iam::${accountId}:policy/${prefix}*`,
        `arn:aws:iam::${accountId}:oidc-provider/*`,
        ...serviceRoles,
      ],
    },
    {
      sid: 'NeverWithoutBoundary',
      effect: 'Deny',
      actions: ['iam:DeleteRolePermissionsBoundary', 'organizations:*', 'account:*'],
      resources: ['*'],
    },
  ];
}
