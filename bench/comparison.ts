import { z } from 'zod';
import { print, table } from '../cli/terminal';

export const comparisonSchema = z.object({
  /** What was measured. */
  what: z.string(),
  /** The result here, with its unit. */
  ours: z.string(),
  /** The alternative. */
  against: z.string(),
  /** The result of the alternative, with its unit. */
  theirs: z.string(),
  /** Our result divided by that of the alternative: below 1 is less. */
  ratio: z.number(),
  /** The maximum accepted ratio. @default - none */
  aim: z.number().optional(),
});

/** A measurement of two alternatives that alternate in one run, so that the ratio is also valid on a busy machine. */
export type Comparison = z.infer<typeof comparisonSchema>;

export const comparisonsSchema = z.array(comparisonSchema);

/** The head of a table of comparisons. */
export const head = ['', 'here', 'compared with', 'there', 'ratio', 'target'];

/** @returns a line of a table of comparisons. */
export function rowOf({ what, ours, against, theirs, ratio, aim }: Comparison): readonly string[] {
  return [what, ours, against, theirs, shown(ratio), aim === undefined ? '' : `≤ ${shown(aim)}`];
}

/** Prints comparisons for a program, with `--json`. */
export async function report(comparisons: readonly Comparison[]): Promise<void> {
  if (process.argv.includes('--json')) print(JSON.stringify(comparisons));
  else print(await table(head, comparisons.map(rowOf)));
}

/** @returns a number with at most three digits: 0.068, 0.68, 6.8, 68. */
function shown(value: number): string {
  return String(Number(value.toPrecision(2)));
}
