import { ApiGatewayV2Client, GetApisCommand, GetIntegrationsCommand } from '@aws-sdk/client-apigatewayv2';
import { GetRoutesCommand, GetStagesCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeDeliveriesCommand,
  DescribeLogGroupsCommand,
  DescribeQueryDefinitionsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeKeyCommand, KMSClient, paginateListKeys } from '@aws-sdk/client-kms';
import { LambdaClient, ListAliasesCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Look } from '../kills/look';
import { edgeCensus } from './census-of-edge';

/** The region of CloudFront, its firewall and its alarms. */
const edgeRegion = 'us-east-1';

/** The resources of the account, in its own region and in that of the edge. */
export async function census({ clientOptions }: Look): Promise<readonly string[]> {
  const regions = [clientOptions, { ...clientOptions, region: edgeRegion }];
  const parts = [...regions.map(regionCensus), edgeCensus({ ...clientOptions, region: edgeRegion })];
  return (await Promise.all(parts)).flat().sort();
}

/**
 * The resources of a region according to its services: a line for each, without generated ids, so that a duplicate
 * resource has two lines.
 */
async function regionCensus(clientOptions: Look['clientOptions']): Promise<readonly string[]> {
  const api = new ApiGatewayV2Client(clientOptions);
  const watch = new CloudWatchClient(clientOptions);
  const logs = new CloudWatchLogsClient(clientOptions);
  const lambda = new LambdaClient(clientOptions);
  const [apis, functions, groups, queries, deliveries, alarms, dashboards, keys] = await Promise.all([
    api.send(new GetApisCommand({})),
    lambda.send(new ListFunctionsCommand({})),
    logs.send(new DescribeLogGroupsCommand({})),
    logs.send(new DescribeQueryDefinitionsCommand({})),
    logs.send(new DescribeDeliveriesCommand({})),
    watch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })),
    watch.send(new ListDashboardsCommand({})),
    keysIn(new KMSClient(clientOptions)),
  ]);
  const parts = (apis.Items ?? []).map(async ({ ApiId, Name }) => {
    const [integrations, routes, stages] = await Promise.all([
      api.send(new GetIntegrationsCommand({ ApiId })),
      api.send(new GetRoutesCommand({ ApiId })),
      api.send(new GetStagesCommand({ ApiId })),
    ]);
    return [
      `API ${Name}`,
      ...(integrations.Items ?? []).map(({ IntegrationType }) => `integration ${Name} ${IntegrationType}`),
      ...(routes.Items ?? []).map(({ RouteKey }) => `route ${Name} ${RouteKey}`),
      ...(stages.Items ?? []).map(({ StageName }) => `stage ${Name} ${StageName}`),
    ];
  });
  const aliases = (functions.Functions ?? []).map(async ({ FunctionName }) => {
    const { Aliases = [] } = await lambda.send(new ListAliasesCommand({ FunctionName }));
    return [`function ${FunctionName}`, ...Aliases.map(({ Name }) => `alias ${FunctionName} ${Name}`)];
  });
  return [
    ...(await Promise.all([...parts, ...aliases])).flat(),
    ...(groups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
    ...(queries.queryDefinitions ?? []).map(({ name }) => `query ${name}`),
    ...(deliveries.deliveries ?? []).map(({ deliverySourceName }) => `log delivery ${deliverySourceName}`),
    ...(dashboards.DashboardEntries ?? []).map(({ DashboardName }) => `dashboard ${DashboardName}`),
    ...keys,
    ...(alarms.MetricAlarms ?? []).map(({ AlarmName }) => `alarm ${AlarmName}`),
    ...(alarms.CompositeAlarms ?? []).map(({ AlarmName }) => `alarm ${AlarmName}`),
  ].map((line) => `${line} in ${clientOptions.region}`);
}

/** @returns the keys with a description, without those that are scheduled for deletion. */
async function keysIn(client: KMSClient): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
    for (const { KeyId } of Keys) {
      const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId }));
      if (key?.KeyState === 'Enabled') lines.push(`key "${key.Description}"`);
    }
  }
  return lines;
}

/**
 * @returns the differences between two lists of resources: what is missing, and what should not exist or exists twice.
 */
export function differing(right: readonly string[], seen: readonly string[]): readonly string[] {
  const counted = new Map<string, number>();
  for (const line of seen) counted.set(line, (counted.get(line) ?? 0) + 1);
  for (const line of right) counted.set(line, (counted.get(line) ?? 0) - 1);
  return [...counted].flatMap(([line, count]) =>
    count === 0 ? [] : [`${count > 0 ? 'too much' : 'lost'}: ${line}`],
  );
}
