import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import type {
  CloudfrontDistributionOrderedCacheBehavior,
  CloudfrontDistributionViewerCertificate,
} from '@cdktf/provider-aws/lib/cloudfront-distribution';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Domain } from './domain';
import { EdgeHealth } from './edge-health';
import { RelativeLocation } from './relative-location';
import { SecurityHeaders } from './security-headers';

export interface DistributionProps {
  /** The name of the resources of the distribution. It is also the comment that people find the distribution by. */
  readonly name: string;
  /** The host of the origin. */
  readonly originHost: string;
  /** The header that proves to the origin that a request came through the distribution. */
  readonly originHeader: { readonly name: string; readonly value: string };
  /** What must exist before the header's value is sent. */
  readonly originAdmits: readonly ITerraformDependable[];
  /** The ARN of the web ACL. */
  readonly webAclArn: string;
  /** The path on which the edge itself answers health checks. @default - none */
  readonly healthPath?: string;
  /** @default - CloudFront's own domain name */
  readonly domain?: Domain;
}

/**
 * Managed policies of AWS, the same in every account.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

/** With the viewer's Host header, API Gateway would look for an API of that name and answer 403. */
const allViewerHeadersExceptHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

/** In seconds. Longer than the 30 that the gateway waits for the backend, so that the gateway answers first. */
const originReadTimeout = 35;

/** A CloudFront distribution that sends every request to one origin and caches none. */
export class Distribution extends Construct {
  readonly distribution: CloudfrontDistribution;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const headers = new SecurityHeaders(this, 'SecurityHeaders', { name: props.name });
    const location = new RelativeLocation(this, 'RelativeLocation', {
      name: `${props.name}-relative-location`,
      originHost: props.originHost,
    });
    this.distribution = new CloudfrontDistribution(this, 'Default', {
      comment: props.name,
      enabled: true,
      httpVersion: 'http2and3',
      isIpv6Enabled: true,
      aliases: props.domain && [props.domain.name],
      webAclId: props.webAclArn,
      origin: [this.origin(props)],
      defaultCacheBehavior: {
        targetOriginId: 'api',
        viewerProtocolPolicy: 'https-only',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
        cachedMethods: ['GET', 'HEAD'],
        cachePolicyId: cachingDisabled,
        originRequestPolicyId: allViewerHeadersExceptHost,
        responseHeadersPolicyId: headers.policy.id,
        functionAssociation: [{ eventType: 'viewer-response', functionArn: location.function.arn }],
      },
      orderedCacheBehavior: this.healthBehavior(props),
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      viewerCertificate: viewerCertificate(props.domain),
      dependsOn: [...props.originAdmits],
    });
    props.domain?.pointTo(this.distribution);
  }

  /** A behavior must name an origin, but its function answers before the origin is called. */
  private healthBehavior({
    name,
    healthPath,
  }: DistributionProps): CloudfrontDistributionOrderedCacheBehavior[] | undefined {
    if (healthPath === undefined) return undefined;
    const health = new EdgeHealth(this, 'Health', { name: `${name}-health` });
    return [
      {
        pathPattern: healthPath,
        targetOriginId: 'api',
        viewerProtocolPolicy: 'https-only',
        allowedMethods: ['GET', 'HEAD'],
        cachedMethods: ['GET', 'HEAD'],
        cachePolicyId: cachingDisabled,
        functionAssociation: [{ eventType: 'viewer-request', functionArn: health.function.arn }],
      },
    ];
  }

  private origin({ originHost, originHeader }: DistributionProps) {
    return {
      originId: 'api',
      domainName: originHost,
      customHeader: [{ ...originHeader }],
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: 'https-only',
        originSslProtocols: ['TLSv1.2'],
        originReadTimeout,
      },
    };
  }
}

/** With CloudFront's own certificate the minimum protocol is TLS 1.0 and cannot be raised. */
function viewerCertificate(domain: Domain | undefined): CloudfrontDistributionViewerCertificate {
  return domain === undefined
    ? { cloudfrontDefaultCertificate: true }
    : {
        acmCertificateArn: domain.certificateArn,
        sslSupportMethod: 'sni-only',
        minimumProtocolVersion: 'TLSv1.2_2021',
      };
}
