import { CloudfrontResponseHeadersPolicy } from '@cdktf/provider-aws/lib/cloudfront-response-headers-policy';
import { Construct } from 'constructs';

export interface SecurityHeadersProps {
  /** The policy's name. */
  readonly name: string;
}

/** Two years, in seconds, which the preload lists of browsers require: https://hstspreload.org */
const strictTransportAge = 63_072_000;

/** Headers of every response, whatever the backend sends. */
export class SecurityHeaders extends Construct {
  readonly policy: CloudfrontResponseHeadersPolicy;

  constructor(scope: Construct, id: string, { name }: SecurityHeadersProps) {
    super(scope, id);
    this.policy = new CloudfrontResponseHeadersPolicy(this, 'Default', {
      name,
      comment: 'Security headers of the API',
      securityHeadersConfig: {
        strictTransportSecurity: {
          accessControlMaxAgeSec: strictTransportAge,
          includeSubdomains: true,
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: 'DENY', override: true },
        referrerPolicy: { referrerPolicy: 'no-referrer', override: true },
      },
    });
  }
}
