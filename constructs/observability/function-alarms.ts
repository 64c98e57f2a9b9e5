import { awsMetric, type MetricName, type Statistic } from '../../aws/metrics';
import type { Alarm } from './alarm';

export interface WatchedFunction {
  /** The function's name. */
  readonly name: string;
  /** The alias that the API invokes. */
  readonly alias: string;
  /** How long one invocation may take, in seconds. */
  readonly timeout: number;
  /** How many requests may run at once. @default - what the account has left */
  readonly reservedConcurrency?: number;
  /** How many environments are kept started. @default - none, and none can overflow */
  readonly provisionedConcurrency?: number;
  /** After how many hours without a request somebody is told. @default - silence is no fault */
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
      says: 'A good part of all invocations fails, and there are enough of them for that to mean something.',
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
      says: 'Requests were turned away because no more may run at once.',
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
      says: 'The slowest invocations come close to the time-out of the function.',
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
      says: 'The function soon runs as many requests at once as are reserved for it.',
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

/** Of the function: environments are kept started of a version, and called by the alias. */
function spillover({ name, provisionedConcurrency }: WatchedFunction): readonly Alarm[] {
  if (provisionedConcurrency === undefined) return [];
  return [
    {
      id: 'function-spillover',
      says: 'More requests come at once than there is provisioned concurrency: some wait for a cold start.',
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

/** A heartbeat: without a request there is no value at all, and that is what it waits for. */
function silence(
  { silenceLimit }: WatchedFunction,
  ofAlias: Readonly<Record<string, string>>,
): readonly Alarm[] {
  if (silenceLimit === undefined) return [];
  return [
    {
      id: 'function-silence',
      says: `Not one request has reached the backend for ${silenceLimit} hours.`,
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

/** What all functions of an account share. @param quota how many requests they may serve at once. */
export function accountAlarms(quota: number): readonly Alarm[] {
  return [
    {
      id: 'account-concurrency',
      says: 'All functions of the account together soon run as many requests at once as the account may.',
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
