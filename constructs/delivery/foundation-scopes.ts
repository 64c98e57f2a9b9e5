import { replicationRoleArn, roleArn } from '../../aws/iam';
import type { Scopes } from './scopes';

export interface FoundationScopesProps {
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region of the foundation. */
  readonly region: string;
  /** The name of the image repository. */
  readonly repository: string;
  /** The names of the state buckets. */
  readonly buckets: readonly string[];
  /** The host of the identity provider, without the scheme. */
  readonly issuer: string;
  /** The path of all parameters, with a slash at both ends. */
  readonly parameterPath: string;
  /** The prefix of the names of its roles and policies, including the dash. */
  readonly prefix: string;
}

/** @returns what the roles of the foundation may use. */
export function foundationScopes(props: FoundationScopesProps): Scopes {
  const { accountId, region, prefix } = props;
  return {
    account: { resources: ['*'] },
    'api-key': {
      resources: [`arn:aws:ssm:${region}:${accountId}:parameter${props.parameterPath}*/secrets/API_KEY_*`],
    },
    bucket: { resources: props.buckets.map((name) => `arn:aws:s3:::${name}`) },
    'identity-provider': { resources: [`arn:aws:iam::${accountId}:oidc-provider/${props.issuer}`] },
    key: {
      resources: [
        `arn:aws:kms:${region}:${accountId}:key/*`,
        `arn:aws:kms:${region}:${accountId}:alias/${prefix}*`,
      ],
    },
    parameter: { resources: [`arn:aws:ssm:${region}:${accountId}:parameter${props.parameterPath}*`] },
    'pipeline-policy': { resources: [`arn:aws:iam::${accountId}:policy/${prefix}*`] },
    'pipeline-role': { resources: [roleArn(accountId, `${prefix}*`)] },
    'replication-role': { resources: [replicationRoleArn(accountId)] },
    repository: { resources: [`arn:aws:ecr:${region}:${accountId}:repository/${props.repository}`] },
  };
}
