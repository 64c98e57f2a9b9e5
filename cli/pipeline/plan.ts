import { join } from 'node:path';
import { foundationStackName } from '../../config/names';
import { runCdktf, runTerraform } from '../cdktf';
import type { Shell } from '../process';
import { changesOf, type PlannedChanges } from './changes';
import { readPlan } from './plan-json';

export interface PlanOptions {
  readonly shell: Shell;
  /** Whether Terraform asks AWS what is there, besides its state. */
  readonly refresh: boolean;
  /** Whether the state is locked meanwhile, and for how long to wait for it, in seconds; `false` writes nothing. */
  readonly lockTimeout: number | false;
  /** The file that gets all that cdktf and Terraform say; values are in it. */
  readonly logFile: string;
}

/** The file that `cdktf plan` leaves in the folder of the stack. */
export const planFile = 'plan';

/**
 * Plans a stack that was synthesized, by the real `cdktf plan`.
 * @returns what it would do, or nothing and Terraform's words when it failed.
 */
export async function planStack(
  stack: string,
  { shell, refresh, lockTimeout, logFile }: PlanOptions,
): Promise<{ readonly changes?: PlannedChanges; readonly reason: string }> {
  const flags = [
    ...(refresh ? [] : ['-refresh=false']),
    lockTimeout === false ? '-lock=false' : `-lock-timeout=${lockTimeout}s`,
  ];
  const planned = await runCdktf(['plan', stack, '--skip-synth', '--skip-provider-lock'], {
    shell: { ...shell, TF_CLI_ARGS_plan: [shell.TF_CLI_ARGS_plan ?? '', ...flags].join(' ').trim() },
    logFile,
  });
  if (planned.code !== 0) return { reason: errorsIn(planned.output) };
  const { stdout } = await runTerraform(stack, ['show', '-json', planFile], { shell });
  return { changes: changesOf(readPlan(stdout)), reason: '' };
}

/** @returns Terraform's errors alone: what stands before them is the plan, with values. */
export function errorsIn(output: string): string {
  const blocks = output.match(/^[^\n]*╷[\s\S]*?╵/gm) ?? [];
  const lines =
    [...new Set(blocks)].at(-1) ??
    output
      .split('\n')
      .filter((line) => line.includes('Error'))
      .join('\n');
  return lines === '' ? 'it did not say why' : lines;
}

/** A role that may read every parameter's value is not one for pull requests, and a refresh of the foundation needs it. */
export function isRefreshed(stack: string): boolean {
  return stack !== foundationStackName;
}

/** @returns the file of a stack's plan in a folder of plans. */
export function storedPlan(folder: string, stack: string): string {
  return join(folder, `${stack}.json`);
}
