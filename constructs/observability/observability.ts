import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ownNamespace } from '../../aws/own-metrics';
import type { LogGroup } from '../log-group';
import type { Alarm, CompositeAlarm } from './alarm';
import { Alarms } from './alarms';
import { apiAlarms, type WatchedApi } from './api-alarms';
import { Dashboard } from './dashboard';
import { edgeAlarms, type WatchedEdge } from './edge-alarms';
import { accountAlarms, functionAlarms, type WatchedFunction } from './function-alarms';
import { HealthCheck } from './health-check';
import { ImageScan } from './image-scan';
import { logAlarms, logMetrics } from './log-alarms';
import { LogMetrics } from './log-metrics';
import { MonthlyBudget } from './monthly-budget';
import { backendQueries, edgeQueries, type LogGroups, Queries } from './queries';
import { releaseMark } from './release-mark';
import { type Subscription, Topic } from './topic';

export interface ObservabilityProps {
  /** The prefix of the environment's resource names, such as `kairos-prod`. */
  readonly name: string;
  /** The value of the tag `environment`. */
  readonly environment: string;
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region of the function and the API. */
  readonly region: string;
  /** The URL of the runbook, without an anchor. */
  readonly runbookUrl: string;
  /** Who receives the alarms. */
  readonly subscriptions: readonly Subscription[];
  readonly function: WatchedFunction;
  readonly api: WatchedApi;
  /** The log groups that the queries search. */
  readonly logGroups: LogGroups;
  /** The log group of the function, whose lines are counted. */
  readonly functionLog: LogGroup;
  /** @default - the environment has no edge, and no alarms in us-east-1 */
  readonly edge?: ObservedEdge;
  /** What all environments share. One of them watches it. @default - another one does */
  readonly account?: {
    /** How many requests all functions of the account may serve at the same time. */
    readonly concurrencyQuota: number;
    /** The repository of the images. @default - it is in another account, which reports its scans */
    readonly repositoryName?: string;
  };
  /** Whether a dashboard is created. */
  readonly dashboard: boolean;
  /** In US dollars. @default - no budget */
  readonly monthlyBudget?: number;
}

export interface ObservedEdge extends Omit<WatchedEdge, 'healthCheckId'> {
  /** What the health check requests. @default - no health check */
  readonly health?: { readonly host: string; readonly path: string };
  /** A provider in us-east-1. */
  readonly provider: TerraformProvider;
  readonly logGroups: { readonly access: string; readonly firewall: string };
}

/** The alarms and composite alarms of one region. */
export interface AlarmSet {
  readonly alarms: readonly Alarm[];
  readonly composites: readonly CompositeAlarm[];
  /** While it is in ALARM, the composite alarms send no notification. */
  readonly suppressor: Alarm;
}

/** @returns every alarm in the region of the function and the API. */
export function backendAlarmSet(
  props: Pick<ObservabilityProps, 'name' | 'function' | 'api' | 'account'>,
): AlarmSet {
  return {
    alarms: [
      ...functionAlarms(props.function),
      ...(props.account === undefined ? [] : accountAlarms(props.account.concurrencyQuota)),
      ...apiAlarms(props.api),
      ...logAlarms(ownNamespace(props.name)),
    ],
    composites: [
      {
        id: 'service-broken',
        says: 'Users get no responses from the backend.',
        severity: 'page',
        anyOf: ['function-error-rate', 'function-throttles', 'api-5xx-rate', 'failed-starts'],
      },
    ],
    suppressor: releaseMark(props.name),
  };
}

/**
 * @param name the prefix of the environment's resource names.
 * @returns every alarm in us-east-1.
 */
export function edgeAlarmSet(name: string, edge: WatchedEdge): AlarmSet {
  return {
    alarms: edgeAlarms(edge),
    composites: [
      {
        id: 'edge-broken',
        says: 'Users get no responses from the edge.',
        severity: 'page',
        anyOf: ['edge-5xx-rate', ...(edge.healthCheckId === undefined ? [] : ['edge-unreachable'])],
      },
    ],
    suppressor: releaseMark(name, 'edge-'),
  };
}

/** The monitoring of an environment: alarms and their recipients, log metrics, saved queries, a dashboard. */
export class Observability extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ObservabilityProps,
  ) {
    super(scope, id);
    const topic = this.createTopic();
    new LogMetrics(this, 'LogMetrics', {
      logGroup: props.functionLog,
      namespace: ownNamespace(props.name),
      metrics: Object.values(logMetrics),
    });
    const alarmArns = [
      ...this.createAlarms('Alarms', topic.arn, backendAlarmSet(props)),
      ...(props.edge === undefined ? [] : this.createEdge(props.edge)),
    ];
    new Queries(this, 'Queries', { folder: props.name, queries: backendQueries(props.logGroups) });
    this.createAccountWatch(topic.arn);
    this.createBudget(topic.arn);
    if (props.dashboard) {
      new Dashboard(this, 'Dashboard', {
        ...props,
        function: { ...props.function, logGroupName: props.logGroups.function },
        alarmArns,
      });
    }
  }

  private createTopic(): Topic {
    const { name, accountId, subscriptions, account, monthlyBudget } = this.props;
    return new Topic(this, 'Topic', {
      name: `${name}-alarms`,
      accountId,
      subscriptions,
      publishers: [
        'cloudwatch',
        ...(account?.repositoryName === undefined ? [] : (['events'] as const)),
        ...(monthlyBudget === undefined ? [] : (['budgets'] as const)),
      ],
    });
  }

  private createEdge(edge: ObservedEdge): readonly string[] {
    const { name, accountId, subscriptions } = this.props;
    const { provider } = edge;
    const topic = new Topic(this, 'EdgeTopic', {
      name: `${name}-edge-alarms`,
      accountId,
      provider,
      subscriptions,
      publishers: ['cloudwatch'],
    });
    new Queries(this, 'EdgeQueries', { folder: name, provider, queries: edgeQueries(edge.logGroups) });
    const healthCheckId =
      edge.health && new HealthCheck(this, 'EdgeHealthCheck', { ...edge.health, name: `${name}-edge` }).id;
    const set = edgeAlarmSet(name, { ...edge, healthCheckId });
    return this.createAlarms('EdgeAlarms', topic.arn, set, provider);
  }

  private createAlarms(
    id: string,
    topicArn: string,
    set: AlarmSet,
    provider?: TerraformProvider,
  ): readonly string[] {
    const { name, runbookUrl } = this.props;
    return new Alarms(this, id, { ...set, name, runbookUrl, topicArn, provider }).arns;
  }

  private createAccountWatch(topicArn: string): void {
    const { account, name } = this.props;
    if (account?.repositoryName === undefined) return;
    new ImageScan(this, 'ImageScan', {
      name: `${name}-image-scan`,
      repositoryName: account.repositoryName,
      topicArn,
    });
  }

  private createBudget(topicArn: string): void {
    const { monthlyBudget, name, environment } = this.props;
    if (monthlyBudget === undefined) return;
    new MonthlyBudget(this, 'Budget', { name, limit: monthlyBudget, environment, topicArn });
  }
}
