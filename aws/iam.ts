/** @returns the ARN of a role without a path. */
export function roleArn(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

/** @returns the ARN of a policy of the account without a path. */
export function policyArn(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:policy/${name}`;
}

/** The issuer of the tokens of GitHub's jobs: https://docs.github.com/en/actions/reference/security/oidc */
export const githubIssuer = 'token.actions.githubusercontent.com';
