import { awsMetric, type MetricName, type Statistic } from '../../aws/metrics';
import type { Alarm } from './alarm';

export interface WatchedFunction {
  /** The function's name. */
  readonly name: string;
  /** The alias that the API invokes. */
  readonly alias: string;
  /** The time-out of an invocation, in seconds. */
  readonly timeout: number;
  /** How many requests may run at the same time. @default - what the account has left */
  readonly reservedConcurrency?: number;
  /** The provisioned concurrency. @default - none, so there is no spillover */
  readonly provisionedConcurrency?: number;
  /** After how many hours without a request the alarm rings. @default - never */
  readonly silenceLimit?: number;
}

/** The alarms of the backend's function, on the alias that users reach. */
export function functionAlarms(watched: WatchedFunction): readonly Alarm[] {
  const ofAlias = { FunctionName: watched.name, Resource: `${watched.name}:${watched.alias}` };
  const onAlias = (name: MetricName<'AWS/Lambda'>, statistic: Statistic) =>
    awsMetric('AWS/Lambda', name, statistic, ofAlias);
  return [
    {
      id: 'function-errors',
      says: 'Invocations of the backend failed or ran into the time-out.',
      severity: 'look',
      measure: { metric: onAlias('Errors', 'Sum') },
      bad: 'above',
      threshold: 5,
      unit: 'errors',
      period: 300,
    },
    {
      id: 'function-error-rate',
      says: 'More than one in twenty invocations of the backend fails.',
      severity: 'page',
      measure: {
        expression: 'IF(invocations >= 20, 100 * errors / invocations, 0)',
        label: 'Errors of the function in percent',
        metrics: { errors: onAlias('Errors', 'Sum'), invocations: onAlias('Invocations', 'Sum') },
      },
      bad: 'above',
      threshold: 5,
      unit: '% of at least 20 invocations',
      period: 60,
      periods: 5,
      datapoints: 3,
    },
    {
      id: 'function-throttles',
      says: 'Requests were throttled because the concurrency limit is reached.',
      severity: 'page',
      measure: { metric: onAlias('Throttles', 'Sum') },
      bad: 'above',
      threshold: 10,
      unit: 'throttled invocations',
      period: 60,
      periods: 5,
      datapoints: 3,
    },
    {
      id: 'function-duration',
      says: 'The slowest invocations take almost as long as the time-out of the function allows.',
      severity: 'look',
      measure: { metric: onAlias('Duration', 'p95') },
      bad: 'above',
      threshold: watched.timeout * 1000 * 0.8,
      unit: 'ms, 80 % of the time-out',
      period: 300,
      periods: 3,
    },
    ...reservedConcurrency(watched),
    ...spillover(watched),
    ...silence(watched, ofAlias),
  ];
}

function reservedConcurrency({ name, reservedConcurrency: reserved }: WatchedFunction): readonly Alarm[] {
  if (reserved === undefined) return [];
  return [
    {
      id: 'function-concurrency',
      says: 'The function uses more than 80 % of its reserved concurrency.',
      severity: 'look',
      measure: { metric: awsMetric('AWS/Lambda', 'ConcurrentExecutions', 'Maximum', { FunctionName: name }) },
      bad: 'above',
      threshold: Math.floor(reserved * 0.8),
      unit: 'requests at once, 80 % of what is reserved',
      period: 60,
      periods: 5,
      datapoints: 3,
    },
  ];
}

/** The metric is of the whole function: the provisioned concurrency belongs to a version, and the alias invokes it. */
function spillover({ name, provisionedConcurrency }: WatchedFunction): readonly Alarm[] {
  if (provisionedConcurrency === undefined) return [];
  return [
    {
      id: 'function-spillover',
      says: 'More requests run at once than the provisioned concurrency serves: some wait for a cold start.',
      severity: 'look',
      measure: {
        metric: awsMetric('AWS/Lambda', 'ProvisionedConcurrencySpilloverInvocations', 'Sum', {
          FunctionName: name,
        }),
      },
      bad: 'above',
      threshold: 10,
      unit: 'invocations',
      period: 300,
      periods: 3,
      datapoints: 2,
    },
  ];
}

/** A heartbeat. Without requests there is no value, and this alarm rings when values are missing. */
function silence(
  { silenceLimit }: WatchedFunction,
  ofAlias: Readonly<Record<string, string>>,
): readonly Alarm[] {
  if (silenceLimit === undefined) return [];
  return [
    {
      id: 'function-silence',
      says: `No request has reached the backend for ${silenceLimit} hours.`,
      severity: 'page',
      measure: { metric: awsMetric('AWS/Lambda', 'Invocations', 'Sum', ofAlias) },
      bad: 'below',
      threshold: 1,
      unit: 'invocations',
      period: 3600,
      periods: silenceLimit,
      missing: 'breaching',
    },
  ];
}

/**
 * The alarms of the account, which all its functions share.
 * @param quota how many requests they may serve at the same time.
 */
export function accountAlarms(quota: number): readonly Alarm[] {
  return [
    {
      id: 'account-concurrency',
      says: 'All functions of the account together use more than 80 % of its concurrency quota.',
      severity: 'page',
      measure: { metric: awsMetric('AWS/Lambda', 'ClaimedAccountConcurrency', 'Maximum') },
      bad: 'above',
      threshold: Math.floor(quota * 0.8),
      unit: "requests at once, 80 % of the account's quota",
      period: 60,
      periods: 10,
    },
  ];
}
