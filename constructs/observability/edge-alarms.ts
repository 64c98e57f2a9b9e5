import { awsMetric } from '../../aws/metrics';
import type { Alarm } from './alarm';

export interface WatchedEdge {
  /** The distribution's id. */
  readonly distributionId: string;
  /** The metric name of the web ACL, which can differ from its name. */
  readonly webAclMetric: string;
  /** The id of the edge's health check. @default - there is none */
  readonly healthCheckId?: string;
  /** The ARN of the certificate. @default - CloudFront's own, which AWS renews */
  readonly certificateArn?: string;
}

/** The alarms of the edge. Their metrics exist only in us-east-1, so the alarms must be there too. */
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
      says: 'CloudFront answers more than one request in twenty with a server error.',
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
      says: 'The firewall blocks far more requests than usual: an attack, or a rule that is too strict.',
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

/**
 * A checker reports a failure after three failed requests, and the check is unhealthy only when most checkers report
 * one. So one minute is enough.
 */
function health(id: string | undefined): readonly Alarm[] {
  if (id === undefined) return [];
  return [
    {
      id: 'edge-unreachable',
      says: 'The edge does not answer health checks from several continents: users cannot reach it.',
      severity: 'page',
      measure: { metric: awsMetric('AWS/Route53', 'HealthCheckStatus', 'Minimum', { HealthCheckId: id }) },
      bad: 'below',
      threshold: 1,
      unit: 'healthy check',
      period: 60,
      // A new check has no value yet, which must not notify anybody.
      missing: 'ignore',
    },
  ];
}

/** ACM renews a certificate 60 days before it expires. If it has not at 30 days, something prevents it. */
function certificate(arn: string | undefined): readonly Alarm[] {
  if (arn === undefined) return [];
  return [
    {
      id: 'certificate-expiry',
      says: 'The certificate expires soon, and ACM has not renewed it.',
      severity: 'look',
      measure: {
        metric: awsMetric('AWS/CertificateManager', 'DaysToExpiry', 'Minimum', { CertificateArn: arn }),
      },
      bad: 'below',
      threshold: 30,
      unit: 'days',
      period: 86_400,
      // There is at most one value a day.
      missing: 'ignore',
    },
  ];
}
