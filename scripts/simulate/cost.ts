import { estimate } from '../../cli/cost/estimate';
import { type Deployment, hoursPerMonth } from '../../cli/cost/usage';

export interface Costs {
  /** US dollars for a month with a constant rate. */
  readonly asItIs: number;
  /** The same with as much provisioned concurrency as there are busy environments. */
  readonly kept: number;
}

/**
 * @param template the environment's synthesized stack.
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
