/**
 * The default quotas of an AWS account. The machine on which this table was written could not reach AWS's pages. Each
 * quota was found in a copy of the page that it names, so check it again before a decision depends on it.
 */
export interface Quota {
  readonly value: number;
  /** What the quota limits. */
  readonly unit: string;
  /** Whether it can be raised, by a request to AWS or by a setting. */
  readonly isRaised: boolean;
  /** The page that documents it. */
  readonly source: string;
}

const docs = 'https://docs.aws.amazon.com';

/** Per account and region, unless the unit says otherwise. */
export const quotas = {
  /** A new account has less, sometimes 10. */
  functionConcurrency: {
    value: 1_000,
    unit: 'requests that functions serve at once',
    isRaised: true,
    source: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  },
  /** The part that cannot be reserved. */
  functionUnreserved: {
    value: 100,
    unit: 'requests at once that stay unreserved',
    isRaised: false,
    source: `${docs}/lambda/latest/dg/configuration-concurrency.html`,
  },
  /** Every ten seconds, per function. Unused capacity is not saved. */
  functionScaling: {
    value: 1_000,
    unit: 'environments that are started in 10 seconds, by function',
    isRaised: false,
    source: `${docs}/lambda/latest/dg/scaling-behavior.html`,
  },
  /** It limits functions that answer in less than 100 ms. */
  functionEnvironmentRate: {
    value: 10,
    unit: 'requests a second, by environment',
    isRaised: false,
    source: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  },
  /** For all APIs together. It is 2,500 in some of the newer regions, but not in eu-west-2. */
  apiRate: {
    value: 10_000,
    unit: 'requests a second',
    isRaised: true,
    source: `${docs}/apigateway/latest/developerguide/limits.html`,
  },
  /** AWS derives it from the rate. It cannot be raised separately. */
  apiBurst: {
    value: 5_000,
    unit: 'requests at once',
    isRaised: false,
    source: `${docs}/apigateway/latest/developerguide/limits.html`,
  },
  /** GetParameter, GetParameters and GetParametersByPath share this quota. */
  parameterRate: {
    value: 40,
    unit: 'reads a second',
    isRaised: true,
    source: `${docs}/general/latest/gr/ssm.html`,
  },
  /** GetParametersByPath alone, if the account's setting for higher throughput is enabled, which is billed. */
  parameterRateRaised: {
    value: 100,
    unit: 'reads by path a second',
    isRaised: false,
    source: `${docs}/general/latest/gr/ssm.html`,
  },
  firewallRate: {
    value: 100_000,
    unit: 'requests a second, by web ACL',
    isRaised: true,
    source: `${docs}/waf/latest/developerguide/limits.html`,
  },
  edgeRate: {
    value: 250_000,
    unit: 'requests a second, by distribution',
    isRaised: true,
    source: `${docs}/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html`,
  },
} as const satisfies Readonly<Record<string, Quota>>;
