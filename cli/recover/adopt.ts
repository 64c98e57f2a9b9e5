import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors';
import { runTerraform } from '../cdktf';
import { readPlan } from '../pipeline/plan-json';
import { stackFolder } from '../project';
import type { Candidate } from './probe';
import type { Target } from './target';

/** What Terraform would do to import the resources that were found. */
export interface Adoption {
  /** The addresses that are only imported. */
  readonly imported: readonly string[];
  /** Those whose settings are corrected too: an interrupted creation may not have set them. */
  readonly corrected: readonly string[];
  /** What is created because an imported resource refers to it. */
  readonly created: readonly string[];
}

const planFile = 'recover.plan';

/** Next to the synthesized files. If it remains, it has no effect, because the state already contains its resources. */
const importFile = 'recover.tf.json';

/**
 * Plans to import resources, and nothing else of the stack.
 * @throws UserError if one of them would have to be replaced.
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

/** @returns the actions of a plan. @throws UserError if it would destroy anything. */
export function readAdoption(plan: string): Adoption {
  const changes = readPlan(plan).resource_changes;
  const destroyed = changes.filter(({ change }) => change.actions.includes('delete'));
  if (destroyed.length > 0) {
    const addresses = destroyed.map(({ address }) => address).join(', ');
    throw new UserError(
      `nothing was imported, because Terraform would have to replace these: ${addresses}; they differ from what the stack declares: check them, and delete those that nothing uses`,
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

/** Applies the plan of `planAdoption`, and nothing that has changed since. */
export async function applyAdoption({ stack, shell }: Target): Promise<void> {
  await runTerraform(stack, ['apply', '-input=false', planFile], { shell });
}
