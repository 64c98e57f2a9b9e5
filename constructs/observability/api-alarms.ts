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

/** The alarms of an HTTP API. Those of a REST API have other names and would never ring. */
export function apiAlarms(watched: WatchedApi): readonly Alarm[] {
  const dimensions = { ApiId: watched.id, Stage: watched.stage };
  const onStage = (name: MetricName<'AWS/ApiGateway'>, statistic: Statistic) =>
    awsMetric('AWS/ApiGateway', name, statistic, dimensions);
  const requests = onStage('Count', 'Sum');
  return [
    {
      id: 'api-5xx-rate',
      says: 'A good part of all requests is answered with a fault of the server.',
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
      says: 'Most requests are refused: a client was released that asks wrongly, or somebody is trying doors.',
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
      says: 'One of a hundred requests waits for longer than half of what the gateway allows.',
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
      says: 'The backend itself answers slowly: one of twenty requests takes over 3 seconds behind the gateway.',
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
