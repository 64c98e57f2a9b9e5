import { quotas } from '../../aws/quotas';
import type { EnvironmentName } from '../../config/names';
import type { Configuration, GatewayConfiguration } from '../../config/types';
import { addressesFor, type Limit, limitsOf } from './limits';
import { busy, highest, type Load, startedByJump } from './load';

/** One limit, and how far it goes. */
export interface Reach {
  readonly name: string;
  readonly when: Limit['when'];
  readonly unit: string;
  readonly allows: number;
  /** The highest rate that it bears, in whole requests a second. */
  readonly bears: number;
}

/** A limit that a rate is too much for. */
export interface Break extends Reach {
  readonly needs: number;
  readonly change: string;
}

export interface Outcome {
  /** Requests per second. */
  readonly rate: number;
  /** Environments that work. */
  readonly busy: number;
  /** Environments that are started when the whole rate comes at once. */
  readonly started: number;
  /** Requests that such a jump loses until the first environments work. */
  readonly refused: number;
  /** How long the gateway's bucket lasts, in seconds; nothing when the throttle admits the rate for ever. */
  readonly bucket?: number;
  /** Connections to the database. */
  readonly connections: number;
  /** The fewest addresses that may send it; nothing where no firewall is. */
  readonly addresses?: number;
  /** What breaks, the first first. */
  readonly breaks: readonly Break[];
}

export interface Simulation {
  /** Every limit, the narrowest first. */
  readonly limits: readonly Reach[];
  readonly outcomes: readonly Outcome[];
}

/** No limit goes further, in requests per second. */
const beyond = 10_000_000;

/** @returns what becomes of each rate, in an environment of the table. */
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

/** Full at first, it gives what comes beyond the rate that fills it. */
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
