import { alternatives } from './alternatives';
import { fixedLines } from './fixed';
import { type Line, total, withoutFreeTier } from './line';
import { type Deployment, type Load, usageLines } from './usage';

/** A month with so many requests. */
export interface Month {
  readonly requests: number;
  /** What is there before the first request, and what the requests add. */
  readonly lines: readonly Line[];
  readonly total: number;
  /** The same backend behind another door, each with its sum. */
  readonly instead: Readonly<Record<string, number>>;
}

export interface Estimate {
  readonly fixed: readonly Line[];
  readonly months: readonly Month[];
}

export interface EstimateOptions {
  /** How many requests a month has; one month for each. */
  readonly requests: readonly number[];
  /** How long the function works for one, in milliseconds. */
  readonly duration: number;
  /** Whether what an account gets for nothing for ever is taken off. */
  readonly freeTier: boolean;
}

/**
 * @param template the environment's stack as it was synthesized.
 * @returns what a month costs, here and behind other doors.
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
