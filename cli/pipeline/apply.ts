import { UserError } from '../../errors';
import { runTerraform } from '../cdktf';
import { failureWords, planFile, planStack, type PlanOptions } from './plan';
import { differences, type StackPlan } from './stack-plan';

export type Applied = 'nothing to do' | 'applied';

export interface ApplyOptions extends Omit<PlanOptions, 'refresh'> {
  /** In seconds: how long to wait for the lock of the state. */
  readonly lockTimeout: number;
  /** Runs what changes AWS, and nothing else. @default - it is run directly */
  readonly around?: (work: () => Promise<void>) => Promise<void>;
}

/**
 * Plans a stack again, and applies that plan if it does what was reviewed. The saved plan is applied, not a third one
 * that `cdktf deploy` would make, because something may change between two plans. Terraform refuses a saved plan if the
 * state has changed since.
 * @throws UserError with every difference, before anything was changed.
 */
export async function applyReviewed(
  stack: string,
  reviewed: StackPlan | undefined,
  options: ApplyOptions,
): Promise<Applied> {
  const { changes, reasons } = await planStack(stack, { ...options, refresh: 'all' });
  if (changes === undefined) {
    throw new UserError(failureWords(stack, reasons, options.logFile));
  }
  if (changes.resources.length + changes.outputs.length === 0) return 'nothing to do';
  if (reviewed?.changes === undefined) {
    throw new UserError(
      `${stack} would change, but no plan of it was reviewed: ${changes.resources.map(({ kind, address }) => `${kind} ${address}`).join(', ') || 'outputs'}; open a pull request, whose plan is reviewed with it`,
    );
  }
  const found = differences(reviewed.changes, changes);
  if (found.length > 0) throw new UserError(differenceWords(stack, reviewed.commit, found));
  const apply = async () => {
    await runTerraform(
      stack,
      ['apply', '-input=false', '-no-color', `-lock-timeout=${options.lockTimeout}s`, planFile],
      options,
    );
  };
  await (options.around === undefined ? apply() : options.around(apply));
  return 'applied';
}

function differenceWords(stack: string, commit: string, found: readonly string[]): string {
  return [
    `${stack} was not applied: the plan differs from the one that was reviewed with ${commit.slice(0, 12)}:`,
    ...found.map((line) => `  ${line}`),
    'run the checks of the pull request again and review the new plan, or undo the change that was made in between',
  ].join('\n');
}
