import { estimate } from '../../cli/cost/estimate';
import { type Deployment, hoursPerMonth } from '../../cli/cost/usage';

export interface Costs {
  /** US dollars of a month in which the rate never ends. */
  readonly asItIs: number;
  /** The same with as many environments kept started as are busy. */
  readonly kept: number;
}

/**
 * @param template the environment's stack as it was synthesized.
 * @param busy how many environments the rate keeps busy.
 */
export function costsOf(
  deployment: Deployment,
  template: unknown,
  { rate, duration, busy }: { readonly rate: number; readonly duration: number; readonly busy: number },
): Costs {
  const requests = rate * hoursPerMonth * 3_600;
  const month = (of: Deployment) =>
    estimate(of, template, { requests: [requests], duration, freeTier: false }).months[0]?.total ?? 0;
  const { environment } = deployment;
  const started = { ...environment, function: { ...environment.function, provisionedConcurrency: busy } };
  return { asItIs: month(deployment), kept: month({ ...deployment, environment: started }) };
}
