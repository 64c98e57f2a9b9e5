import { DataAwsIamOpenidConnectProvider } from '@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { Construct } from 'constructs';
import { githubIssuer } from '../../aws/iam';

/** The audience of the tokens. */
export const tokenAudience = 'sts.amazonaws.com';

export interface IdentityProviderProps {
  /** An account has one provider for each URL: `make` creates it, `take-over` uses the existing one. */
  readonly origin: 'make' | 'take-over';
}

/** GitHub as an identity provider. AWS trusts its certificate without a thumbprint. */
export class IdentityProvider extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { origin }: IdentityProviderProps) {
    super(scope, id);
    const url = `https://${githubIssuer}`;
    this.arn =
      origin === 'make'
        ? new IamOpenidConnectProvider(this, 'Default', { url, clientIdList: [tokenAudience] }).arn
        : new DataAwsIamOpenidConnectProvider(this, 'Default', { url }).arn;
  }
}
