/** @returns the ARN of a role without a path. */
export function roleArn(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

/**
 * @returns the ARN of the role with which ECR copies images. ECR creates it, and nobody else can change its policies:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-replication.html
 */
export function replicationRoleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication`;
}

/** @returns the ARN of a policy of the account without a path. */
export function policyArn(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:policy/${name}`;
}

/** The issuer of the tokens of GitHub's jobs: https://docs.github.com/en/actions/reference/security/oidc */
export const githubIssuer = 'token.actions.githubusercontent.com';
