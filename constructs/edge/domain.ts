import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

export interface DomainProps {
  /** The name that the API answers to. */
  readonly name: string;
  /** The name of the Route 53 hosted zone that it lies in. */
  readonly zone: string;
  /** A provider in us-east-1, where CloudFront looks for certificates. */
  readonly provider: TerraformProvider;
}

/** A name of our own: its certificate, proven by DNS, and its addresses. */
export class Domain extends Construct {
  readonly name: string;
  /** The certificate's ARN, which is there only once the certificate is valid. */
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

  /** Lets the name lead to a distribution, over both versions of the protocol. */
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
      // A distribution cannot do without: the new one is there before the old one goes.
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, 'Proof', {
      zoneId: this.zone.zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      // A certificate of the same name leaves the same record behind.
      allowOverwrite: true,
    });
    return new AcmCertificateValidation(this, 'Validation', {
      provider,
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
