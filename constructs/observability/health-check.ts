import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Construct } from 'constructs';

export interface HealthCheckProps {
  /** The name that people find it by. Route 53 has no other name for a health check. */
  readonly name: string;
  /** The host that is requested. */
  readonly host: string;
  /** The path that is requested. It must answer within 2 seconds, also after a long time without requests. */
  readonly path: string;
}

/**
 * The regions that send requests. Each region has two checkers, and each request is billed. Route 53 requires at least
 * three regions.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 */
const regions = ['ap-southeast-1', 'eu-west-1', 'us-east-1'];

/**
 * Checks from several continents whether a host answers. A checker accepts any response below 400 within 2 seconds,
 * ignores the certificate, and changes its result after three requests. The check is healthy while more than 18 % of
 * the checkers say so.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class HealthCheck extends Construct {
  /** The dimension value of its metric. */
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
