import * as fc from 'fast-check';
import { faultsIn } from '../../config/schema';
import { edited, judgeFaults, synthesizeTable } from './judge';
import { rightConfigurations } from './right';
import { wrongTables } from './wrong';

export interface Drawing {
  readonly seed: number;
  /** How many tables are generated. */
  readonly count: number;
}

/** @throws with the smallest wrong table for which the result is wrong. */
export function tryWrong({ seed, count }: Drawing): void {
  const property = fc.property(wrongTables, ({ table, edits }) => {
    const complaints = judgeFaults(edited(table, edits), edits);
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
  fc.assert(property, { seed, numRuns: count });
}

/** @throws with the smallest right table that has faults, or whose synth throws. */
export function tryRight({ seed, count }: Drawing): void {
  const property = fc.property(rightConfigurations, (table) => {
    const faults = faultsIn(table);
    if (faults.length > 0) throw new Error(JSON.stringify(faults));
    synthesizeTable(table);
  });
  fc.assert(property, { seed, numRuns: count });
}
