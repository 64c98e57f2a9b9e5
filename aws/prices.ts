/**
 * The prices of AWS, in US dollars: list prices without tax, discount or credit. The machine on which this table was
 * written could not reach AWS's pages, so each price names its source. Check it again before a decision depends on it.
 */
export type Evidence =
  /** Lines of AWS's price list, as two public repositories quote them, with the name of the line. */
  | 'price-list'
  /** A price page of AWS, as it was archived or quoted, with its date. */
  | 'price-page'
  /** Published in many places, but found in no list: AWS's price list has no such line. */
  | 'common-knowledge';

export interface Price {
  /** In US dollars, per unit. */
  readonly usd: number;
  /** The unit. */
  readonly unit: string;
  /** How many units per month are free, without a time limit. @default 0 */
  readonly free?: number;
  readonly evidence: Evidence;
  /** The date of the list or of the page. */
  readonly dated: string;
  /** The line of the price list, or the URL of the page. */
  readonly source: string;
}

const million = 1_000_000;

const listed = (dated: string, source: string) => ({ evidence: 'price-list', dated, source }) as const;
const page = (dated: string, source: string) => ({ evidence: 'price-page', dated, source }) as const;

const wafPage = page('2026-08-19', 'https://aws.amazon.com/waf/pricing/');
const alarmList = listed('2026-09-22', 'AmazonCloudWatch CW:AlarmMonitorUsage');

/** The region of the prices of functions, API, containers and regional logs. */
export const pricedRegion = 'eu-west-2';

/**
 * Each is one line of AWS's bill. Resources in eu-west-2 have London's price, the edge has Europe's or that of
 * us-east-1.
 */
export const prices = {
  lambdaRequest: {
    usd: 0.2 / million,
    unit: 'request',
    free: million,
    ...listed('2026-10-01', 'AWSLambda EUW2-Request'),
  },
  lambdaX86: {
    usd: 0.0000166667,
    unit: 'GB-second',
    free: 400_000,
    ...listed('2026-10-01', 'AWSLambda EUW2-Lambda-GB-Second'),
  },
  lambdaArm: {
    usd: 0.0000133334,
    unit: 'GB-second',
    free: 400_000,
    ...listed('2026-10-01', 'AWSLambda EUW2-Lambda-GB-Second-ARM'),
  },
  lambdaProvisioned: {
    usd: 0.0000048304,
    unit: 'GB-second',
    ...listed('2026-10-01', 'AWSLambda EUW2-Lambda-Provisioned-Concurrency'),
  },
  httpApiRequest: {
    usd: 1.16 / million,
    unit: 'request',
    ...listed('2026-09-05', 'AmazonApiGateway EUW2-ApiGatewayHttpRequest'),
  },
  restApiRequest: {
    usd: 3.5 / million,
    unit: 'request',
    ...listed('2026-09-05', 'AmazonApiGateway EUW2-ApiGatewayRequest'),
  },
  edgeRequest: {
    usd: 0.012 / 10_000,
    unit: 'HTTPS request',
    free: 10 * million,
    ...listed('2026-10-03', 'AmazonCloudFront EU-Requests-Tier2-HTTPS'),
  },
  edgeOut: {
    usd: 0.085,
    unit: 'GB to viewers',
    free: 1_000,
    ...listed('2026-10-03', 'AmazonCloudFront EU-DataTransfer-Out-Bytes'),
  },
  edgeToOrigin: {
    usd: 0.02,
    unit: 'GB to the origin',
    ...listed('2026-10-03', 'AmazonCloudFront EU-DataTransfer-Out-OBytes'),
  },
  edgeFunction: {
    usd: 0.1 / million,
    unit: 'run of an edge function',
    free: 2 * million,
    ...listed('2026-10-03', 'AmazonCloudFront Executions-CloudFrontFunctions'),
  },
  regionOut: {
    usd: 0.09,
    unit: 'GB to the internet',
    free: 100,
    ...listed('2026-09-16', 'AWSDataTransfer EUW2-DataTransfer-Out-Bytes'),
  },
  webAcl: { usd: 5, unit: 'web ACL', ...wafPage },
  webAclRule: { usd: 1, unit: 'rule or group of rules', ...wafPage },
  webAclRequest: { usd: 0.6 / million, unit: 'request', ...wafPage },
  logRegional: {
    usd: 0.5985,
    unit: 'GB written',
    free: 5,
    ...listed('2026-09-22', 'AmazonCloudWatch EUW2-DataProcessing-Bytes, EUW2-VendedLog-Bytes'),
  },
  logEdge: {
    usd: 0.5,
    unit: 'GB written',
    ...listed('2025-10-28', 'AmazonCloudWatch USE1-VendedLog-Bytes'),
  },
  logKept: {
    usd: 0.0315,
    unit: 'GB kept for a month',
    ...listed('2026-09-22', 'AmazonCloudWatch EUW2-TimedStorage-ByteHrs'),
  },
  alarmMetric: { usd: 0.1, unit: 'metric of an alarm', free: 10, ...alarmList },
  compositeAlarm: {
    usd: 0.5,
    unit: 'composite alarm',
    ...listed('2026-09-22', 'AmazonCloudWatch CW:CompositeAlarmMonitorUsage, of us-east-2'),
  },
  ownMetric: {
    usd: 0.3,
    unit: 'metric of our own',
    free: 10,
    ...listed('2026-09-22', 'AmazonCloudWatch EUW2-CW:MetricMonitorUsage'),
  },
  dashboard: {
    usd: 3,
    unit: 'dashboard',
    free: 3,
    evidence: 'common-knowledge',
    dated: '2026-10-06',
    source: 'https://aws.amazon.com/cloudwatch/pricing/; no list of prices has it',
  },
  /**
   * This price and the next are for endpoints outside of AWS. It is not documented whether a distribution counts as an
   * AWS endpoint. According to Route 53's guide
   * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html) the price page has
   * the definition (https://aws.amazon.com/route53/pricing/#Health_Checks), and no copy of it could be read. If it
   * counts, the check is free as one of the first 50, and HTTPS costs 1: 1.75 less.
   */
  healthCheck: {
    usd: 0.75,
    unit: 'health check',
    ...listed(
      '2026-10-01',
      'AmazonRoute53 Health-Check-Non-AWS; one of an endpoint that counts as AWS is 0.50, and the first 50 are free',
    ),
  },
  healthCheckFeature: {
    usd: 2,
    unit: 'feature of a health check, such as HTTPS',
    ...listed(
      '2026-10-01',
      'AmazonRoute53 Health-Check-Option-Non-AWS; of an endpoint that counts as AWS it is 1',
    ),
  },
  key: {
    usd: 1,
    unit: 'key',
    ...listed('2026-09-11', 'awskms eu-west-2-KMS-Keys; each of its first two rotations adds as much'),
  },
  trace: {
    usd: 5 / million,
    unit: 'trace',
    free: 100_000,
    ...page('2026-06-18', 'https://aws.amazon.com/xray/pricing/'),
  },
  containerProcessor: {
    usd: 0.04656,
    unit: 'vCPU-hour',
    ...listed('2026-09-11', 'AmazonECS EUW2-Fargate-vCPU-Hours:perCPU'),
  },
  containerMemory: {
    usd: 0.00511,
    unit: 'GB-hour',
    ...listed('2026-09-11', 'AmazonECS EUW2-Fargate-GB-Hours'),
  },
  balancerHour: {
    usd: 0.02646,
    unit: 'hour',
    ...listed('2026-09-11', 'AWSELB EUW2-LoadBalancerUsage (Application)'),
  },
  balancerCapacity: { usd: 0.0084, unit: 'LCU-hour', ...listed('2026-09-11', 'AWSELB EUW2-LCUUsage') },
  publicAddress: {
    usd: 0.005,
    unit: 'hour of an address',
    ...listed('2026-09-17', 'AmazonVPC EUW2-PublicIPv4:InUseAddress'),
  },
} as const satisfies Readonly<Record<string, Price>>;

export type Meter = keyof typeof prices;
