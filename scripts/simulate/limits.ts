import { quotas } from '../../aws/quotas';
import { defaultAccountConcurrency, startedWhileReleasing } from '../../config/concurrency-rules';
import { type EnvironmentName, secretNames } from '../../config/names';
import { mostProvisioned } from '../../config/schema';
import type { Configuration } from '../../config/types';
import { rateWindow } from '../../constructs/edge/waf-rules';
import { tierFor } from './atlas';
import { busy, type Load, startedByJump } from './load';

/** Something that limits the rate, considered on its own. */
export interface Limit {
  readonly name: string;
  /** `steady`: at a constant rate. `jump`: in the seconds after the whole rate has started at once. */
  readonly when: 'steady' | 'jump';
  /** What is counted. */
  readonly unit: string;
  readonly allows: number;
  /**
   * A token bucket that is drained as fast as it is filled becomes empty, so the limit itself is already too much.
   * @default false
   */
  readonly isBucket?: boolean;
  /** How many a rate needs, in requests per second. */
  readonly needs: (rate: number) => number;
  /** What to change for a rate. */
  readonly change: (rate: number) => string;
}

/** How long a start tries to read its parameters, in seconds: images/backend/start_up/parameter_store.py. */
export const parameterBudget = 5;

/**
 * The page size of GetParametersByPath.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
 */
const parametersPerPage = 10;

/** @returns the limits of an environment, each with the change that raises it. */
export function limitsOf(table: Configuration, name: EnvironmentName, load: Load): readonly Limit[] {
  return [
    ...functionLimits(table, name, load),
    ...parameterLimits(table, name, load),
    databaseLimit(table, name, load),
    ...gatewayLimits(table, name),
    ...edgeLimits(table, name, load),
  ];
}

function functionLimits(table: Configuration, name: EnvironmentName, load: Load): readonly Limit[] {
  const { reservedConcurrency, provisionedConcurrency: kept = 0 } = table.environments[name].function;
  const quota = table.accountConcurrency ?? defaultAccountConcurrency;
  const others = reservedBeside(table, name);
  const left = quota - others - quotas.functionUnreserved.value;
  const needed = (rate: number) => busy(rate, load);
  const jump = (rate: number) => startedByJump(rate, load, kept);
  const keep = (rate: number) => keptStarted(rate, load);
  const reserved: readonly Limit[] =
    reservedConcurrency === undefined
      ? []
      : [
          {
            name: 'reserved concurrency',
            when: 'steady',
            unit: 'environments',
            allows: reservedConcurrency,
            needs: needed,
            change: (rate) => `\`reservedConcurrency: ${needed(rate)}\``,
          },
          {
            name: 'reserved concurrency',
            when: 'jump',
            unit: 'environments',
            allows: reservedConcurrency - kept,
            needs: jump,
            change: keep,
          },
        ];
  return [
    ...reserved,
    {
      name: "the account's concurrency",
      when: 'steady',
      unit: 'environments',
      allows: left,
      needs: needed,
      change: (rate) =>
        `quota of concurrency to ${needed(rate) + others + quotas.functionUnreserved.value}, and \`accountConcurrency\``,
    },
    {
      name: "Lambda's scaling rate",
      when: 'jump',
      unit: 'environments in 10 s',
      allows: quotas.functionScaling.value,
      needs: jump,
      change: (rate) => `${keep(rate)}; no quota raises it, a second region takes half of the burst`,
    },
  ];
}

/**
 * With provisioned concurrency a burst needs no cold starts. During a release two versions have it. If one region needs
 * more than the table allows, more regions are needed.
 */
function keptStarted(rate: number, load: Load): string {
  let regions = 1;
  while (busy(rate / regions, load) > mostProvisioned) regions += 1;
  const started = busy(rate / regions, load);
  const kept = `\`provisionedConcurrency: ${started}\` within \`reservedConcurrency: ${startedWhileReleasing(started)}\``;
  return regions === 1 ? kept : `${kept} in each of ${regions} regions`;
}

/** @returns the reserved concurrency of the other environments. */
function reservedBeside(table: Configuration, name: EnvironmentName): number {
  return Object.entries(table.environments)
    .filter(([each]) => each !== name)
    .reduce((sum, [, { function: backend }]) => sum + (backend.reservedConcurrency ?? 0), 0);
}

/** Reads are retried until the time budget is used up, so what SSM allows in that time limits a burst. */
function parameterLimits(table: Configuration, name: EnvironmentName, load: Load): readonly Limit[] {
  const { edge, function: backend } = table.environments[name];
  const keys = edge === false ? 0 : (edge.apiKeys?.names.length ?? 0);
  const pages = Math.ceil((secretNames.length + keys) / parametersPerPage);
  const needs = (rate: number) => startedByJump(rate, load, backend.provisionedConcurrency ?? 0) * pages;
  const raised = quotas.parameterRateRaised.value * parameterBudget;
  return [
    {
      name: "SSM's rate of reads",
      when: 'jump',
      unit: `reads in ${parameterBudget} s`,
      allows: quotas.parameterRate.value * parameterBudget,
      needs,
      change: (rate) =>
        needs(rate) <= raised
          ? `higher throughput of the parameter store (${quotas.parameterRateRaised.value} a second)`
          : `${keptStarted(rate, load)}: higher throughput gives only ${raised} reads`,
    },
  ];
}

function databaseLimit(table: Configuration, name: EnvironmentName, load: Load): Limit {
  const { connectionLimit, connectionsPerFunctionEnvironment: each } = table.environments[name].database;
  const needs = (rate: number) => busy(rate, load) * each;
  return {
    name: "the database's connections",
    when: 'steady',
    unit: 'connections',
    allows: connectionLimit,
    needs,
    change: (rate) => `a larger cluster (${tierFor(needs(rate))}), and \`connectionLimit\``,
  };
}

function gatewayLimits(table: Configuration, name: EnvironmentName): readonly Limit[] {
  const { throttlingRateLimit } = table.environments[name].gateway;
  const shared = {
    when: 'steady',
    unit: 'requests/s',
    isBucket: true,
    needs: (rate: number) => rate,
  } as const;
  return [
    {
      ...shared,
      name: "the stage's throttle",
      allows: throttlingRateLimit,
      change: (rate) => `\`throttlingRateLimit\` and \`throttlingBurstLimit\` above ${rate}`,
    },
    {
      ...shared,
      name: "API Gateway's account quota",
      allows: quotas.apiRate.value,
      change: (rate) => `quota of API Gateway (L-8A5B8E43) above ${rate}, or a second region`,
    },
  ];
}

function edgeLimits(table: Configuration, name: EnvironmentName, load: Load): readonly Limit[] {
  const { edge } = table.environments[name];
  if (edge === false) return [];
  const shared = { when: 'steady', unit: 'requests/s', needs: (rate: number) => rate } as const;
  const { addresses } = load;
  const each = (rate: number) => Math.ceil((rate * rateWindow) / (addresses ?? Infinity));
  const byAddress: readonly Limit[] =
    addresses === undefined
      ? []
      : [
          {
            name: "the firewall's limit by address",
            when: 'steady',
            unit: `requests of one address in ${rateWindow} s`,
            allows: edge.requestLimit,
            needs: each,
            change: (rate) => `\`requestLimit: ${each(rate)}\`, or \`allowedAddresses\` for those you know`,
          },
        ];
  return [
    ...byAddress,
    {
      ...shared,
      name: "the firewall's rate",
      allows: quotas.firewallRate.value,
      change: (rate) => `quota of requests of a web ACL to ${rate}`,
    },
    {
      ...shared,
      name: "CloudFront's rate",
      allows: quotas.edgeRate.value,
      change: (rate) => `quota of requests of a distribution to ${rate}`,
    },
  ];
}

/** @returns the minimum number of addresses for a rate that the firewall does not limit. */
export function addressesFor(rate: number, requestLimit: number): number {
  return Math.ceil((rate * rateWindow) / requestLimit);
}
