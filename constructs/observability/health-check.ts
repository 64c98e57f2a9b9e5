import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Construct } from 'constructs';

export interface HealthCheckProps {
  /** What people find it by; Route 53 has no other name. */
  readonly name: string;
  /** The host that is asked. */
  readonly host: string;
  /** The path that is asked; it has to answer within 2 seconds, also when nothing came for a while. */
  readonly path: string;
}

/**
 * From where it is asked: each region has two checkers, each request has a price, and Route 53 takes no fewer.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 */
const regions = ['ap-southeast-1', 'eu-west-1', 'us-east-1'];

/**
 * Asks from several continents whether a host answers. A checker is content with any answer below 400 within 2 seconds,
 * looks at no certificate, and changes its mind after three requests; Route 53 believes more than 18 % of the checkers.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class HealthCheck extends Construct {
  /** What the metric of its state is told apart by. */
  readonly id: string;

  constructor(scope: Construct, id: string, { name, host, path }: HealthCheckProps) {
    super(scope, id);
    this.id = new Route53HealthCheck(this, 'Default', {
      type: 'HTTPS',
      fqdn: host,
      port: 443,
      enableSni: true,
      resourcePath: path,
      requestInterval: 30,
      failureThreshold: 3,
      regions,
      tags: { Name: name },
    }).id;
  }
}
