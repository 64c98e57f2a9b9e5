import { quotas } from '../../aws/quotas';

/** What comes, and how long the backend works for it. */
export interface Load {
  /** How long the function works for one request, in milliseconds. */
  readonly duration: number;
  /** How long an environment takes until it works, in milliseconds. */
  readonly coldStart: number;
  /** How many addresses the requests come from. @default - as many as the firewall wants */
  readonly addresses?: number;
}

/**
 * Requests come when they like, so now and then more are there than on average: the mean and three times its root are
 * enough in 99.8 % of all moments (Poisson). An environment takes ten requests a second at most, however short they are.
 * @returns how many environments a steady rate keeps busy.
 */
export function busy(rate: number, { duration }: Load): number {
  const mean = (rate * duration) / 1_000;
  return Math.ceil(Math.max(mean + 3 * Math.sqrt(mean), rate / quotas.functionEnvironmentRate.value));
}

/**
 * From nothing to the whole rate at once: until the first environment works, each request wants one of its own.
 * @param kept how many environments are kept started. @returns how many more are started.
 */
export function startedByJump(rate: number, load: Load, kept: number): number {
  const uncovered = rate - highest((each) => busy(each, load) <= kept, rate);
  return Math.ceil((uncovered * (load.coldStart + load.duration)) / 1_000);
}

/** @returns the highest whole number up to `most` for which it holds; it must hold for all below, too. */
export function highest(holds: (number: number) => boolean, most: number): number {
  let [low, high] = [0, Math.floor(most)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
