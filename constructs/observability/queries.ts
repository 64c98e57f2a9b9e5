import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

/** A query of the logs that is used again and again. */
export interface SavedQuery {
  /** Its name, and its construct id. */
  readonly name: string;
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html */
  readonly text: string;
  readonly logGroupNames: readonly string[];
}

export interface LogGroups {
  readonly function: string;
  readonly api: string;
}

/** Stands for the id of a request in a query. Replace it with the id of one request. */
const idPlaceholder = 'REQUEST_ID';

const linesOfRequest = `fields @timestamp, @log, @message
| filter @message like "${idPlaceholder}"
| sort @timestamp asc
| limit 100`;

/** The queries for the logs of the function and the API. */
export function backendQueries(groups: LogGroups): readonly SavedQuery[] {
  return [
    {
      name: 'errors',
      logGroupNames: [groups.function],
      text: `fields @timestamp, level, message, errorType, step, requestId
| filter level in ["ERROR", "FATAL"] or record.status in ["error", "timeout"]
| sort @timestamp desc
| limit 100`,
    },
    {
      name: 'slow-requests',
      logGroupNames: [groups.api],
      text: `fields @timestamp, method, path, status, responseLatency, integrationLatency, requestId
| filter responseLatency > 1000
| sort responseLatency desc
| limit 100`,
    },
    {
      name: 'cold-starts',
      logGroupNames: [groups.function],
      text: `filter type = "platform.report" and ispresent(record.metrics.initDurationMs)
| stats count() as starts, avg(record.metrics.initDurationMs) as average, max(record.metrics.initDurationMs) as longest by bin(1h)`,
    },
    {
      name: 'one-request',
      logGroupNames: [groups.api, groups.function],
      text: linesOfRequest,
    },
  ];
}

/** The queries for the logs of the edge. */
export function edgeQueries(groups: {
  readonly access: string;
  readonly firewall: string;
}): readonly SavedQuery[] {
  return [
    {
      name: 'blocked-addresses',
      logGroupNames: [groups.firewall],
      text: `filter action = "BLOCK"
| stats count() as requests by httpRequest.clientIp, httpRequest.country, terminatingRuleId
| sort requests desc
| limit 50`,
    },
    {
      name: 'one-request-at-the-edge',
      logGroupNames: [groups.access, groups.firewall],
      text: linesOfRequest,
    },
  ];
}

export interface QueriesProps {
  /** The folder in which CloudWatch lists the queries. */
  readonly folder: string;
  /** @default - the stack's own */
  readonly provider?: TerraformProvider;
  readonly queries: readonly SavedQuery[];
}

/** Saved queries, in the region of the logs that they search. */
export class Queries extends Construct {
  constructor(scope: Construct, id: string, { folder, provider, queries }: QueriesProps) {
    super(scope, id);
    for (const { name, text, logGroupNames } of queries) {
      new CloudwatchQueryDefinition(this, name, {
        provider,
        name: `${folder}/${name}`,
        queryString: text,
        logGroupNames: [...logGroupNames],
      });
    }
  }
}
