import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { policyOf } from './reading';

/**
 * With an own domain name the protocol can be chosen:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
 */
const modern = /^TLSv1\.(2|3)_20(2[1-9]|[3-9]\d)$/;

export const protectedDistribution = policyOf(
  'protected-distribution',
  CloudfrontDistribution,
  (distribution) => [
    distribution.webAclIdInput === undefined ? 'the distribution has no firewall; set webAclId' : undefined,
    isModern(distribution)
      ? undefined
      : 'the distribution accepts TLS older than 1.2; set viewerCertificate.minimumProtocolVersion TLSv1.2_2021',
  ],
);

function isModern({ viewerCertificateInput: certificate }: CloudfrontDistribution): boolean {
  return (
    certificate?.cloudfrontDefaultCertificate === true ||
    modern.test(certificate?.minimumProtocolVersion ?? '')
  );
}
