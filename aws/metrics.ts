/**
 * The AWS metrics that the alarms and the dashboard use, and the sets of dimensions that AWS publishes them with. AWS
 * accepts an alarm on any other name or set, but it never gets a datapoint.
 */
export const documentedMetrics = {
  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  'AWS/Lambda': {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
    global: false,
    metrics: [
      'Invocations',
      'Errors',
      'Throttles',
      'Duration',
      'ConcurrentExecutions',
      'ProvisionedConcurrencySpilloverInvocations',
      'ClaimedAccountConcurrency',
    ],
    dimensions: [[], ['FunctionName'], ['FunctionName', 'Resource']],
    /** Metrics with fewer dimension sets than the others. */
    narrower: { ClaimedAccountConcurrency: [[]] },
  },
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
  'AWS/ApiGateway': {
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html',
    global: false,
    metrics: ['4xx', '5xx', 'Count', 'Latency', 'IntegrationLatency'],
    dimensions: [['ApiId'], ['ApiId', 'Stage']],
    narrower: {},
  },
  /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html */
  'AWS/CloudFront': {
    source:
      'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html',
    global: true,
    metrics: ['Requests', '5xxErrorRate'],
    dimensions: [['DistributionId', 'Region']],
    narrower: {},
  },
  /** With scope CLOUDFRONT there is no dimension `Region`: https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html */
  'AWS/WAFV2': {
    source: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html',
    global: true,
    metrics: ['BlockedRequests'],
    dimensions: [['WebACL', 'Rule']],
    narrower: {},
  },
  /** https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html */
  'AWS/CertificateManager': {
    source: 'https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html',
    global: true,
    metrics: ['DaysToExpiry'],
    dimensions: [['CertificateArn']],
    narrower: {},
  },
  /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html */
  'AWS/Route53': {
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html',
    global: true,
    metrics: ['HealthCheckStatus'],
    dimensions: [['HealthCheckId']],
    narrower: {},
  },
} as const;

export type Namespace = keyof typeof documentedMetrics;

/** Names by namespace, so that a misspelled name does not compile. */
export type MetricName<Of extends Namespace> = (typeof documentedMetrics)[Of]['metrics'][number];

/** `Sum` and similar, or a percentile such as `p95`. */
export type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | `p${number}`;

/** One CloudWatch metric, and the statistic over the values of a period. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
}

/** @returns a metric that AWS itself publishes. */
export function awsMetric<Of extends Namespace>(
  namespace: Of,
  name: MetricName<Of>,
  statistic: Statistic,
  dimensions: Readonly<Record<string, string>> = {},
): Metric {
  return { namespace, name, statistic, dimensions };
}

/**
 * How many values a percentile needs in a period to be significant for CloudWatch: 10/(1-p).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 * @param statistic a percentile such as `p99`. @returns 0 for any other statistic.
 */
export function samplesFor(statistic: Statistic): number {
  const share = /^p([\d.]+)$/.exec(statistic)?.[1];
  return share === undefined ? 0 : Math.round(1_000 / (100 - Number(share)));
}
