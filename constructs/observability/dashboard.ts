import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { awsMetric, type Metric } from '../../aws/metrics';

export interface DashboardProps {
  /** The dashboard's name. */
  readonly name: string;
  /** The region of the function and the API. */
  readonly region: string;
  /** The function and the alias that users reach. */
  readonly function: { readonly name: string; readonly alias: string; readonly logGroupName: string };
  readonly api: { readonly id: string; readonly stage: string };
  /** @default - the environment has no edge */
  readonly edge?: { readonly distributionId: string; readonly webAclMetric: string };
  /** The ARNs of all alarms, of both regions. */
  readonly alarmArns: readonly string[];
}

/** A dashboard is 24 columns wide: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const columns = 24;
const height = 6;

interface Widget {
  readonly type: 'metric' | 'alarm' | 'log';
  /** In columns. */
  readonly width: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface PlacedWidget extends Widget {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** One page that shows whether the cause is the backend, the database, an attacker or a release. */
export class Dashboard extends Construct {
  /** The widgets of the dashboard, and their places. */
  readonly widgets: readonly PlacedWidget[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DashboardProps,
  ) {
    super(scope, id);
    this.widgets = placed([
      [this.alarms(), this.releases()],
      [this.requests(), this.latency(), this.functions()],
      [...this.edge(), this.errors()],
    ]);
    new CloudwatchDashboard(this, 'Default', {
      dashboardName: props.name,
      dashboardBody: Fn.jsonencode({ widgets: this.widgets }),
    });
  }

  private alarms(): Widget {
    return { type: 'alarm', width: 12, properties: { title: 'Alarms', alarms: [...this.props.alarmArns] } };
  }

  /** Each line is an image that started. A new line shows a release, next to the graphs of what happened since. */
  private releases(): Widget {
    return this.log(
      'What was released, and since when it starts',
      "filter message = 'cold start' | stats min(@timestamp) as since, count() as starts by digest, version | sort since desc | limit 10",
    );
  }

  private errors(): Widget {
    return this.log(
      'Errors in the log',
      "filter level in ['ERROR', 'FATAL'] | stats count() as lines by step, message | sort lines desc | limit 20",
    );
  }

  private requests(): Widget {
    const { id, stage } = this.props.api;
    const dimensions = { ApiId: id, Stage: stage };
    return this.graph('Requests and refusals of the API', this.props.region, [
      awsMetric('AWS/ApiGateway', 'Count', 'Sum', dimensions),
      awsMetric('AWS/ApiGateway', '4xx', 'Sum', dimensions),
      awsMetric('AWS/ApiGateway', '5xx', 'Sum', dimensions),
    ]);
  }

  private latency(): Widget {
    const { id, stage } = this.props.api;
    const dimensions = { ApiId: id, Stage: stage };
    return this.graph('Latency in ms: of the API, and of the backend behind it', this.props.region, [
      awsMetric('AWS/ApiGateway', 'Latency', 'p50', dimensions),
      awsMetric('AWS/ApiGateway', 'Latency', 'p99', dimensions),
      awsMetric('AWS/ApiGateway', 'IntegrationLatency', 'p99', dimensions),
    ]);
  }

  private functions(): Widget {
    const { name, alias } = this.props.function;
    const dimensions = { FunctionName: name, Resource: `${name}:${alias}` };
    return this.graph('Function: errors, throttles, requests at once', this.props.region, [
      awsMetric('AWS/Lambda', 'Errors', 'Sum', dimensions),
      awsMetric('AWS/Lambda', 'Throttles', 'Sum', dimensions),
      awsMetric('AWS/Lambda', 'ConcurrentExecutions', 'Maximum', { FunctionName: name }),
    ]);
  }

  private edge(): readonly Widget[] {
    const { edge } = this.props;
    if (edge === undefined) return [];
    const ofDistribution = { DistributionId: edge.distributionId, Region: 'Global' };
    const ofFirewall = { WebACL: edge.webAclMetric, Rule: 'ALL' };
    return [
      this.graph('Edge: requests, blocked requests, answers 5xx in percent', 'us-east-1', [
        awsMetric('AWS/CloudFront', 'Requests', 'Sum', ofDistribution),
        awsMetric('AWS/WAFV2', 'BlockedRequests', 'Sum', ofFirewall),
        awsMetric('AWS/CloudFront', '5xxErrorRate', 'Average', ofDistribution),
      ]),
    ];
  }

  private graph(title: string, region: string, metrics: readonly Metric[]): Widget {
    return {
      type: 'metric',
      width: 8,
      properties: {
        title,
        region,
        view: 'timeSeries',
        period: 60,
        metrics: metrics.map(({ namespace, name, dimensions, statistic }) => [
          namespace,
          name,
          ...Object.entries(dimensions).flat(),
          { stat: statistic },
        ]),
      },
    };
  }

  /** @param query without double quotes: cdktf does not escape them inside `jsonencode`. */
  private log(title: string, query: string): Widget {
    const { function: watched, region } = this.props;
    return {
      type: 'log',
      width: 12,
      properties: { title, region, view: 'table', query: `SOURCE '${watched.logGroupName}' | ${query}` },
    };
  }
}

/** @returns the widgets with their places, row by row. @throws when a row is wider than the dashboard. */
function placed(rows: readonly (readonly Widget[])[]): readonly PlacedWidget[] {
  return rows.flatMap((row, index) => {
    let x = 0;
    const widgets = row.map((widget) => {
      const at = { ...widget, x, y: index * height, height };
      x += widget.width;
      return at;
    });
    if (x > columns) throw new Error(`row ${index} of the dashboard is ${x} columns wide, of ${columns}`);
    return widgets;
  });
}
