import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { type EnvironmentNames, healthPath } from '../config/names';
import type { Edge } from '../constructs/edge/edge';
import type { LogGroup } from '../constructs/log-group';
import type { ObservabilityProps, ObservedEdge } from '../constructs/observability/observability';
import type { BackendStackProps } from './backend-props';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const defaultAccountConcurrency = 1000;

/** The resources of an environment that are monitored. */
export interface Observed {
  /** The HTTP API's id, and the name of its stage. */
  readonly api: { readonly id: string; readonly stage: string };
  readonly functionLog: LogGroup;
  /** @default - the environment has no edge */
  readonly edge?: Edge;
  /** The provider in us-east-1, the region of the metrics of CloudFront and its firewall. */
  readonly globalProvider: AwsProvider;
}

/** @returns the monitoring of an environment, as its row of the table says; undefined if the row has none. */
export function observedBackend(
  {
    accountConcurrency,
    accountId,
    environment,
    imageConfiguration,
    name,
    region,
    registryId,
    repository,
  }: BackendStackProps,
  names: EnvironmentNames,
  { api, functionLog, edge, globalProvider }: Observed,
): ObservabilityProps | undefined {
  const { observability, function: backend, gateway } = environment;
  if (observability === false) return undefined;
  return {
    ...observability,
    name: names.stack,
    environment: name,
    accountId,
    region,
    runbookUrl: `https://${repository}/blob/main/docs/runbook.md`,
    function: {
      ...backend,
      name: names.function,
      alias: names.alias,
      silenceLimit: observability.silenceLimit,
    },
    api: { ...api, timeout: gateway.timeout },
    logGroups: { function: names.functionLogGroup, api: names.apiLogGroup },
    functionLog,
    edge: edge && observedEdge(edge, names.edge, globalProvider, observability.healthCheck),
    account: observability.watchesAccount
      ? {
          concurrencyQuota: accountConcurrency ?? defaultAccountConcurrency,
          repositoryName: registryId === undefined ? imageConfiguration.repository : undefined,
        }
      : undefined,
  };
}

function observedEdge(
  edge: Edge,
  webAclMetric: string,
  provider: AwsProvider,
  isChecked: boolean,
): ObservedEdge {
  return {
    distributionId: edge.distribution.id,
    webAclMetric,
    health: isChecked ? { host: edge.host, path: healthPath } : undefined,
    certificateArn: edge.certificateArn,
    provider,
    logGroups: edge.logGroups,
  };
}
