import { awsMetric, type MetricName, type Statistic } from '../../aws/metrics';
import type { Alarm } from './alarm';

export interface WatchedApi {
  /** The API's id. */
  readonly id: string;
  /** The name of its stage. */
  readonly stage: string;
  /** How long the gateway waits for the backend, in seconds. */
  readonly timeout: number;
}

/** The alarms of an HTTP API. The metrics of a REST API have other names, so alarms on them would never ring. */
export function apiAlarms(watched: WatchedApi): readonly Alarm[] {
  const dimensions = { ApiId: watched.id, Stage: watched.stage };
  const onStage = (name: MetricName<'AWS/ApiGateway'>, statistic: Statistic) =>
    awsMetric('AWS/ApiGateway', name, statistic, dimensions);
  const requests = onStage('Count', 'Sum');
  return [
    {
      id: 'api-5xx-rate',
      says: 'The API answers more than one request in twenty with a server error.',
      severity: 'page',
      measure: {
        expression: 'IF(requests >= 20, 100 * faults / requests, 0)',
        label: 'Answers 5xx of the API in percent',
        metrics: { faults: onStage('5xx', 'Sum'), requests },
      },
      bad: 'above',
      threshold: 5,
      unit: '% of at least 20 requests',
      period: 60,
      periods: 5,
      datapoints: 3,
    },
    {
      id: 'api-4xx-surge',
      says: 'The API refuses most requests: a released client sends wrong requests, or somebody is probing the API.',
      severity: 'look',
      measure: {
        expression: 'IF(requests >= 100, 100 * refused / requests, 0)',
        label: 'Answers 4xx of the API in percent',
        metrics: { refused: onStage('4xx', 'Sum'), requests },
      },
      bad: 'above',
      threshold: 50,
      unit: '% of at least 100 requests',
      period: 300,
      periods: 3,
      datapoints: 2,
    },
    {
      id: 'api-latency',
      says: 'One request in a hundred takes longer than half of the time-out of the gateway.',
      severity: 'look',
      measure: { metric: onStage('Latency', 'p99') },
      bad: 'above',
      threshold: watched.timeout * 1000 * 0.5,
      unit: "ms, half of the gateway's time-out",
      period: 900,
      periods: 3,
      datapoints: 2,
    },
    {
      id: 'api-integration-latency',
      says: 'The backend is slow: it takes more than 3 seconds for one request in twenty.',
      severity: 'look',
      measure: { metric: onStage('IntegrationLatency', 'p95') },
      bad: 'above',
      threshold: 3000,
      unit: 'ms',
      period: 300,
      periods: 3,
    },
  ];
}
