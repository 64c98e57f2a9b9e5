import { z } from 'zod';
import { print, table } from '../cli/terminal';

export const comparisonSchema = z.object({
  /** What was done. */
  what: z.string(),
  /** What it took here, with its unit. */
  ours: z.string(),
  /** What it is compared with. */
  against: z.string(),
  /** What that took, with its unit. */
  theirs: z.string(),
  /** Ours divided by theirs: below 1 is less. */
  ratio: z.number(),
  /** The target: the highest ratio that is accepted. @default - no target */
  aim: z.number().optional(),
});

/** One thing, done two ways in turn in one run, so that the ratio holds on a busy machine. */
export type Comparison = z.infer<typeof comparisonSchema>;

export const comparisonsSchema = z.array(comparisonSchema);

/** The head of a table of comparisons. */
export const head = ['', 'here', 'compared with', 'there', 'ratio', 'target'];

/** @returns a line of a table of comparisons. */
export function rowOf({ what, ours, against, theirs, ratio, aim }: Comparison): readonly string[] {
  return [what, ours, against, theirs, shown(ratio), aim === undefined ? '' : `≤ ${shown(aim)}`];
}

/** Prints comparisons, for a program where `--json` was asked for. */
export async function report(comparisons: readonly Comparison[]): Promise<void> {
  if (process.argv.includes('--json')) print(JSON.stringify(comparisons));
  else print(await table(head, comparisons.map(rowOf)));
}

/** @returns a number of three digits at most: 0.068, 0.68, 6.8, 68. */
function shown(value: number): string {
  return String(Number(value.toPrecision(2)));
}
