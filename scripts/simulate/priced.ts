import type { Configuration } from '../../config/types';
import { costsOf } from './cost';
import type { Priced } from './document';
import type { Load } from './load';
import { simulate } from './simulate';

/** In requests per second. */
const rates = [1, 10, 100, 1_000, 10_000] as const;

/** In milliseconds. The cold start is an assumption; `kairos tune` measures the real one. */
export const defaults = { duration: 120, coldStart: 2_000 } as const satisfies Load;

/**
 * @param template production's synthesized stack.
 * @returns the results and costs of production at each rate.
 */
export function priced(table: Configuration, template: unknown, load: Load = defaults): Priced {
  const { limits, outcomes } = simulate(table, 'prod', load, rates);
  const deployment = { environment: table.environments.prod, architecture: table.image.architecture };
  return {
    limits,
    outcomes: outcomes.map((outcome) => ({
      ...outcome,
      month: costsOf(deployment, template, { ...outcome, duration: load.duration }),
    })),
  };
}
