import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

export interface DomainProps {
  /** The domain name of the API. */
  readonly name: string;
  /** The name of its Route 53 hosted zone. */
  readonly zone: string;
  /** A provider in us-east-1, where CloudFront looks for certificates. */
  readonly provider: TerraformProvider;
}

/** A domain name of our own: its certificate, validated by DNS, and its records. */
export class Domain extends Construct {
  readonly name: string;
  /** The certificate's ARN. It is available once the certificate is valid. */
  readonly certificateArn: string;
  private readonly zone: DataAwsRoute53Zone;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DomainProps,
  ) {
    super(scope, id);
    this.name = props.name;
    this.zone = new DataAwsRoute53Zone(this, 'Zone', { name: props.zone });
    this.certificateArn = this.createCertificate();
  }

  /** Creates the records that point to a distribution, for IPv4 and IPv6. */
  pointTo(distribution: CloudfrontDistribution): void {
    for (const type of ['A', 'AAAA']) {
      new Route53Record(this, type, {
        zoneId: this.zone.zoneId,
        name: this.name,
        type,
        alias: {
          name: distribution.domainName,
          zoneId: distribution.hostedZoneId,
          evaluateTargetHealth: false,
        },
      });
    }
  }

  private createCertificate(): string {
    const { provider } = this.props;
    const certificate = new AcmCertificate(this, 'Certificate', {
      provider,
      domainName: this.name,
      validationMethod: 'DNS',
      // A distribution needs a certificate all the time, so the new one is created before the old one is deleted.
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, 'Proof', {
      zoneId: this.zone.zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      // A new certificate for the same name needs the same validation record.
      allowOverwrite: true,
    });
    return new AcmCertificateValidation(this, 'Validation', {
      provider,
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
