/**
 * What AWS lets an account do at once that asked for nothing. The machine that wrote this table reaches no page of AWS;
 * each was found in a copy of the page that it names, so look again before a decision depends on one.
 */
export interface Quota {
  readonly value: number;
  /** What is counted. */
  readonly unit: string;
  /** Whether AWS raises it on request, or by a setting. */
  readonly isRaised: boolean;
  /** The page that says so. */
  readonly source: string;
}

const docs = 'https://docs.aws.amazon.com';

/** Per account and region, unless the unit says otherwise. */
export const quotas = {
  /** A new account has less, 10 at times. */
  functionConcurrency: {
    value: 1_000,
    unit: 'requests that functions serve at once',
    isRaised: true,
    source: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  },
  /** What no reservation may take. */
  functionUnreserved: {
    value: 100,
    unit: 'requests at once that stay unreserved',
    isRaised: false,
    source: `${docs}/lambda/latest/dg/configuration-concurrency.html`,
  },
  /** Every ten seconds, of each function; what is not used is not saved up. */
  functionScaling: {
    value: 1_000,
    unit: 'environments that are started in 10 seconds, by function',
    isRaised: false,
    source: `${docs}/lambda/latest/dg/scaling-behavior.html`,
  },
  /** It bounds functions that answer in less than 100 ms. */
  functionEnvironmentRate: {
    value: 10,
    unit: 'requests a second, by environment',
    isRaised: false,
    source: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  },
  /** Of all APIs together; 2,500 in a dozen of the newer regions, of which eu-west-2 is none. */
  apiRate: {
    value: 10_000,
    unit: 'requests a second',
    isRaised: true,
    source: `${docs}/apigateway/latest/developerguide/limits.html`,
  },
  /** AWS sets it by the rate; nobody can ask for another. */
  apiBurst: {
    value: 5_000,
    unit: 'requests at once',
    isRaised: false,
    source: `${docs}/apigateway/latest/developerguide/limits.html`,
  },
  /** GetParameter, GetParameters and GetParametersByPath share it. */
  parameterRate: {
    value: 40,
    unit: 'reads a second',
    isRaised: true,
    source: `${docs}/general/latest/gr/ssm.html`,
  },
  /** GetParametersByPath alone, once the account's setting for higher throughput is on; it has a price. */
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
