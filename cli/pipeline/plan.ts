import { join } from 'node:path';
import { foundationStackName } from '../../config/names';
import { openAccount } from '../aws';
import { runCdktf, runTerraform } from '../cdktf';
import type { RunResult, Shell } from '../process';
import { stateFault } from '../state-faults';
import { synthesizedResources } from '../synthesized-resources';
import { changesOf, type PlannedChanges } from './changes';
import { ownWordsOf, reasonsIn } from './failure';
import { readPlan, type ResourceChangeJson } from './plan-json';
import { secretChanges, secretType } from './unread-secrets';

/**
 * What a plan refreshes: everything; nothing; or everything except the values of secrets, which Terraform's refresh
 * would read.
 */
export type Refresh = 'all' | 'none' | 'all-but-values';

export interface PlanOptions {
  readonly shell: Shell;
  /** What is refreshed. */
  readonly refresh: Refresh;
  /** Whether the state is locked, and how long to wait for the lock, in seconds. `false` writes nothing. */
  readonly lockTimeout: number | false;
  /** The file for the complete output of cdktf and Terraform; it contains values. */
  readonly logFile: string;
}

export interface Planned {
  /** The changes. Undefined: the plan failed. */
  readonly changes?: PlannedChanges;
  /** Why it failed, without values. */
  readonly reasons: readonly string[];
}

/** The file that `cdktf plan` writes into the folder of the stack. */
export const planFile = 'plan';

/**
 * Plans a synthesized stack with the real `cdktf plan`.
 * @returns the changes, or why the plan failed. The reasons contain no values.
 */
export async function planStack(
  stack: string,
  { shell, refresh, lockTimeout, logFile }: PlanOptions,
): Promise<Planned> {
  const flags = [
    ...refreshFlags(stack, refresh, shell),
    lockTimeout === false ? '-lock=false' : `-lock-timeout=${lockTimeout}s`,
  ];
  const planned = await runCdktf(['plan', stack, '--skip-synth', '--skip-provider-lock'], {
    shell: { ...shell, TF_CLI_ARGS_plan: [shell.TF_CLI_ARGS_plan ?? '', ...flags].join(' ').trim() },
    logFile,
  });
  if (planned.code !== 0) return { reasons: whyFailed(stack, planned, shell) };
  const { stdout } = await runTerraform(stack, ['show', '-json', planFile], { shell });
  const plan = readPlan(stdout);
  const secrets = refresh === 'all-but-values' ? await lookAtSecrets(stack, shell) : [];
  const resource_changes = [...plan.resource_changes, ...secrets];
  return { changes: changesOf({ ...plan, resource_changes }), reasons: [] };
}

/**
 * Terraform has no option that excludes one resource:
 * https://developer.hashicorp.com/terraform/cli/commands/plan#resource-targeting
 */
function refreshFlags(stack: string, refresh: Refresh, shell: Shell): readonly string[] {
  if (refresh === 'all') return [];
  if (refresh === 'none') return ['-refresh=false'];
  return synthesizedResources(stack, shell)
    .filter(({ type }) => type !== secretType)
    .map(({ address }) => `-target=${address}`);
}

async function lookAtSecrets(stack: string, shell: Shell): Promise<readonly ResourceChangeJson[]> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const { clientOptions } = await openAccount(shell);
  return secretChanges(new SSMClient(clientOptions), synthesizedResources(stack, shell));
}

function whyFailed(stack: string, { stdout }: RunResult, shell: Shell): readonly string[] {
  const fault = stateFault(stdout, [stack], shell);
  // Everybody can read it, and the name of a bucket holds the number of the account.
  if (fault !== undefined) return [fault.replace(/\b\d{12}\b/, '<account>')];
  const reasons = reasonsIn(stdout, stack, ownWordsOf(stack, shell));
  return reasons.length === 0 ? ['Terraform did not say why'] : reasons;
}

/** @returns the message that a stack could not be planned, why, and the path of the complete output. */
export function failureWords(stack: string, reasons: readonly string[], logFile: string): string {
  // A reason that says what to type knows better.
  const next = reasons.some((reason) => reason.includes('next: ')) ? '' : `; next: npx cdktf plan ${stack}`;
  return [
    `${stack} could not be planned:`,
    ...reasons.map((reason) => `  ${reason}`),
    `complete output, with values: ${logFile}${next}`,
  ].join('\n');
}

/**
 * A role for pull requests may not read the value of every parameter, which a refresh of the foundation needs.
 * @param forDrift whether to search for manual changes.
 */
export function refreshOf(stack: string, forDrift: boolean): Refresh {
  if (stack !== foundationStackName) return 'all';
  return forDrift ? 'all-but-values' : 'none';
}

/** @returns the file of a stack's plan in a folder of plans. */
export function storedPlan(folder: string, stack: string): string {
  return join(folder, `${stack}.json`);
}
