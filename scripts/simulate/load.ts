import { quotas } from '../../aws/quotas';

/** The requests, and how long the backend works for each. */
export interface Load {
  /** The duration of an invocation, in milliseconds. */
  readonly duration: number;
  /** The duration of a cold start, in milliseconds. */
  readonly coldStart: number;
  /** The number of addresses that send the requests. @default - as many as the firewall needs */
  readonly addresses?: number;
}

/**
 * Requests arrive at random, so sometimes there are more than on average. The mean plus three times its square root is
 * enough in 99.8 % of all moments (Poisson). An environment serves at most ten requests per second, however short they
 * are.
 * @returns how many environments a constant rate keeps busy.
 */
export function busy(rate: number, { duration }: Load): number {
  const mean = (rate * duration) / 1_000;
  return Math.ceil(Math.max(mean + 3 * Math.sqrt(mean), rate / quotas.functionEnvironmentRate.value));
}

/**
 * From nothing to the whole rate at once: until the first environment has started, each request needs its own.
 * @param kept the provisioned concurrency. @returns how many more are started.
 */
export function startedByJump(rate: number, load: Load, kept: number): number {
  const uncovered = rate - highest((each) => busy(each, load) <= kept, rate);
  return Math.ceil((uncovered * (load.coldStart + load.duration)) / 1_000);
}

/**
 * @returns the highest whole number up to `most` for which the condition is true. It must be true for all lower
 * numbers.
 */
export function highest(holds: (number: number) => boolean, most: number): number {
  let [low, high] = [0, Math.floor(most)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
