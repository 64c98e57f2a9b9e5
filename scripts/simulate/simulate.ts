import { quotas } from '../../aws/quotas';
import type { EnvironmentName } from '../../config/names';
import type { Configuration, GatewayConfiguration } from '../../config/types';
import { addressesFor, type Limit, limitsOf } from './limits';
import { busy, highest, type Load, startedByJump } from './load';

/** One limit, and its maximum rate. */
export interface Reach {
  readonly name: string;
  readonly when: Limit['when'];
  readonly unit: string;
  readonly allows: number;
  /** The highest rate that it allows, in whole requests per second. */
  readonly bears: number;
}

/** A limit that a rate exceeds. */
export interface Break extends Reach {
  readonly needs: number;
  readonly change: string;
}

export interface Outcome {
  /** Requests per second. */
  readonly rate: number;
  /** Busy environments. */
  readonly busy: number;
  /** Environments that are started when the whole rate starts at once. */
  readonly started: number;
  /** Failed requests of such a jump until the first environments have started. */
  readonly refused: number;
  /** How long the gateway's token bucket lasts, in seconds; undefined if the throttle allows the rate for ever. */
  readonly bucket?: number;
  /** Connections to the database. */
  readonly connections: number;
  /** The minimum number of addresses that may send it; undefined without a firewall. */
  readonly addresses?: number;
  /** The limits that it exceeds, in the order in which they break. */
  readonly breaks: readonly Break[];
}

export interface Simulation {
  /** All limits, lowest first. */
  readonly limits: readonly Reach[];
  readonly outcomes: readonly Outcome[];
}

/** The highest rate that is simulated, in requests per second. */
const beyond = 10_000_000;

/** @returns the result of each rate, for an environment of the table. */
export function simulate(
  table: Configuration,
  name: EnvironmentName,
  load: Load,
  rates: readonly number[],
): Simulation {
  const limits = limitsOf(table, name, load)
    .map((limit) => ({ limit, reach: reachOf(limit) }))
    .sort((a, b) => a.reach.bears - b.reach.bears);
  const { function: backend, database, edge, gateway } = table.environments[name];
  const kept = backend.provisionedConcurrency ?? 0;
  const startable = Math.min((backend.reservedConcurrency ?? Infinity) - kept, quotas.functionScaling.value);
  return {
    limits: limits.map(({ reach }) => reach),
    outcomes: rates.map((rate) => {
      const started = startedByJump(rate, load, kept);
      return {
        rate,
        busy: busy(rate, load),
        started,
        refused: Math.max(0, started - startable),
        ...bucketFor(rate, gateway),
        connections: busy(rate, load) * database.connectionsPerFunctionEnvironment,
        ...(edge === false ? {} : { addresses: addressesFor(rate, edge.requestLimit) }),
        breaks: limits
          .filter(({ limit }) => isTooMuch(limit, rate))
          .map(({ limit, reach }) => ({ ...reach, needs: limit.needs(rate), change: limit.change(rate) })),
      };
    }),
  };
}

/** It is full at first, and serves what exceeds the rate that fills it. */
function bucketFor(rate: number, gateway: GatewayConfiguration): Pick<Outcome, 'bucket'> {
  const fills = Math.min(gateway.throttlingRateLimit, quotas.apiRate.value);
  const holds = Math.min(gateway.throttlingBurstLimit, quotas.apiBurst.value);
  return rate <= fills ? {} : { bucket: holds / (rate - fills) };
}

function reachOf(limit: Limit): Reach {
  const { name, when, unit, allows } = limit;
  return { name, when, unit, allows, bears: highest((rate) => !isTooMuch(limit, rate), beyond) };
}

function isTooMuch({ needs, allows, isBucket = false }: Limit, rate: number): boolean {
  return isBucket ? needs(rate) >= allows : needs(rate) > allows;
}
