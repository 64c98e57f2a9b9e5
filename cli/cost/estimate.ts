import { alternatives } from './alternatives';
import { fixedLines } from './fixed';
import { type Line, total, withoutFreeTier } from './line';
import { type Deployment, type Load, usageLines } from './usage';

/** A month with a number of requests. */
export interface Month {
  readonly requests: number;
  /** The fixed cost, and the cost of the requests. */
  readonly lines: readonly Line[];
  readonly total: number;
  /** The same backend with other architectures, each with its total. */
  readonly instead: Readonly<Record<string, number>>;
}

export interface Estimate {
  readonly fixed: readonly Line[];
  readonly months: readonly Month[];
}

export interface EstimateOptions {
  /** The numbers of requests per month; one estimate for each. */
  readonly requests: readonly number[];
  /** The duration of an invocation, in milliseconds. */
  readonly duration: number;
  /** Whether the permanent free tier is subtracted. */
  readonly freeTier: boolean;
}

/**
 * @param template the environment's synthesized stack.
 * @returns the cost of a month, for this and other architectures.
 */
export function estimate(
  deployment: Deployment,
  template: unknown,
  { requests, duration, freeTier }: EstimateOptions,
): Estimate {
  const charged = (lines: readonly Line[]) => (freeTier ? withoutFreeTier(lines) : lines);
  const fixed = fixedLines(template);
  const monthOf = (load: Load): Month => {
    const lines = charged([...usageLines(deployment, load), ...fixed]);
    const instead = alternatives.map(({ name, lines: of }) => [
      name,
      total(charged([...of(deployment, load), ...fixed])),
    ]);
    return {
      requests: load.requests,
      lines,
      total: total(lines),
      instead: Object.fromEntries(instead) as Month['instead'],
    };
  };
  return {
    fixed: charged(fixed),
    months: requests.map((each) => monthOf({ requests: each, duration })),
  };
}
