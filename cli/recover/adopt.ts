import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors';
import { runTerraform } from '../cdktf';
import { readPlan } from '../pipeline/plan-json';
import { stackFolder } from '../project';
import type { Candidate } from './probe';
import type { Target } from './target';

/** What Terraform would do to take found objects into a state. */
export interface Adoption {
  /** The addresses that are only written down. */
  readonly imported: readonly string[];
  /** Those whose settings are corrected as well: a creation that was stopped may not have got to them. */
  readonly corrected: readonly string[];
  /** What is made because an imported one refers to it. */
  readonly created: readonly string[];
}

const planFile = 'recover.plan';

/** Beside what was synthesized; one that stays behind says nothing that the state does not hold. */
const importFile = 'recover.tf.json';

/**
 * Plans to take objects into a state, and nothing else of the stack.
 * @throws UserError when one of them would have to be made again.
 */
export async function planAdoption(target: Target, found: readonly Candidate[]): Promise<Adoption> {
  const { stack, shell } = target;
  const imports = found.map(({ address, id }) => ({ to: address, id }));
  const file = join(stackFolder(stack, shell), importFile);
  writeFileSync(file, JSON.stringify({ import: imports }, undefined, 2));
  try {
    const targets = found.map(({ address }) => `-target=${address}`);
    await runTerraform(stack, ['plan', '-input=false', `-out=${planFile}`, ...targets], { shell });
  } finally {
    rmSync(file);
  }
  const { stdout } = await runTerraform(stack, ['show', '-json', planFile], { shell });
  return readAdoption(stdout);
}

/** @returns what a plan would do. @throws UserError when it would destroy anything. */
export function readAdoption(plan: string): Adoption {
  const changes = readPlan(plan).resource_changes;
  const destroyed = changes.filter(({ change }) => change.actions.includes('delete'));
  if (destroyed.length > 0) {
    const addresses = destroyed.map(({ address }) => address).join(', ');
    throw new UserError(
      `nothing was imported, for Terraform would have to make these again: ${addresses}; they are not what the stack declares: look at them, and delete what nothing uses`,
    );
  }
  const addressesOf = (isOf: (change: (typeof changes)[number]['change']) => boolean) =>
    changes.filter(({ change }) => isOf(change)).map(({ address }) => address);
  const isImport = ({ importing }: { readonly importing?: unknown }) =>
    typeof importing === 'object' && importing !== null;
  return {
    imported: addressesOf((change) => isImport(change) && !change.actions.includes('update')),
    corrected: addressesOf((change) => change.actions.includes('update')),
    created: addressesOf(({ actions }) => actions.includes('create')),
  };
}

/** Does what `planAdoption` planned, and nothing that somebody has changed since. */
export async function applyAdoption({ stack, shell }: Target): Promise<void> {
  await runTerraform(stack, ['apply', '-input=false', planFile], { shell });
}
