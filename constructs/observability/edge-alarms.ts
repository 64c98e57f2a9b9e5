import { awsMetric } from '../../aws/metrics';
import type { Alarm } from './alarm';

export interface WatchedEdge {
  /** The distribution's id. */
  readonly distributionId: string;
  /** The metric name of the web ACL, which need not be its name. */
  readonly webAclMetric: string;
  /** The id of the health check that asks it. @default - none does */
  readonly healthCheckId?: string;
  /** The ARN of the certificate. @default - CloudFront's own, which AWS renews */
  readonly certificateArn?: string;
}

/** The alarms of the edge. Their metrics are in us-east-1 alone, and so must the alarms be. */
export function edgeAlarms({
  distributionId,
  webAclMetric,
  healthCheckId,
  certificateArn,
}: WatchedEdge): readonly Alarm[] {
  const ofDistribution = { DistributionId: distributionId, Region: 'Global' };
  return [
    {
      id: 'edge-5xx-rate',
      says: 'CloudFront answers a good part of all requests with a fault of the server.',
      severity: 'page',
      measure: {
        expression: 'IF(requests >= 20, faults, 0)',
        label: 'Answers 5xx of the distribution in percent',
        metrics: {
          faults: awsMetric('AWS/CloudFront', '5xxErrorRate', 'Average', ofDistribution),
          requests: awsMetric('AWS/CloudFront', 'Requests', 'Sum', ofDistribution),
        },
      },
      bad: 'above',
      threshold: 5,
      unit: '% of at least 20 requests',
      period: 60,
      periods: 5,
      datapoints: 3,
    },
    {
      id: 'edge-blocked-surge',
      says: 'The firewall refuses far more requests than usual: an attack, or a rule that is too strict.',
      severity: 'look',
      measure: {
        metric: awsMetric('AWS/WAFV2', 'BlockedRequests', 'Sum', { WebACL: webAclMetric, Rule: 'ALL' }),
      },
      bad: 'above',
      threshold: 1000,
      unit: 'blocked requests',
      period: 300,
      periods: 2,
    },
    ...health(healthCheckId),
    ...certificate(certificateArn),
  ];
}

/** Before a checker says so it was refused three times, and so was most of the others: one minute of that is enough. */
function health(id: string | undefined): readonly Alarm[] {
  if (id === undefined) return [];
  return [
    {
      id: 'edge-unreachable',
      says: 'Asked from several continents, the edge does not answer: users do not get through.',
      severity: 'page',
      measure: { metric: awsMetric('AWS/Route53', 'HealthCheckStatus', 'Minimum', { HealthCheckId: id }) },
      bad: 'below',
      threshold: 1,
      unit: 'healthy check',
      period: 60,
      // A new check has no value yet, and nobody is woken by that.
      missing: 'ignore',
    },
  ];
}

/** ACM renews at 60 days before the end, so at 30 something keeps it from renewing. */
function certificate(arn: string | undefined): readonly Alarm[] {
  if (arn === undefined) return [];
  return [
    {
      id: 'certificate-expiry',
      says: 'The certificate ends soon, and ACM could not renew it.',
      severity: 'look',
      measure: {
        metric: awsMetric('AWS/CertificateManager', 'DaysToExpiry', 'Minimum', { CertificateArn: arn }),
      },
      bad: 'below',
      threshold: 30,
      unit: 'days',
      period: 86_400,
      // One value a day, and not always in each.
      missing: 'ignore',
    },
  ];
}
