import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runTerraform } from '../cdktf';
import { stateAddress } from '../live/state';
import type { Shell } from '../process';
import { stackFolder } from '../project';

export interface TaintedOptions {
  readonly s3: S3Client;
  /** The account in the names of the state buckets, 12 digits. */
  readonly accountId: string;
  /** The synthesized stacks to deploy. */
  readonly stacks: readonly string[];
  /** The environment variables, pointing to the local cloud. */
  readonly shell: Shell;
}

/**
 * If a creation was interrupted, the resource is tainted and Terraform replaces it. If it must not be destroyed (a key,
 * a repository), no further deploy is possible. So it is untainted, and the next apply corrects its missing settings.
 * https://developer.hashicorp.com/terraform/cli/commands/untaint
 */
export async function keepHalfMade({ s3, accountId, stacks, shell }: TaintedOptions): Promise<void> {
  for (const stack of stacks) {
    const addresses = taintedIn(await readState(s3, accountId, stack), isProtected(stack, shell));
    if (addresses.length === 0) continue;
    await runTerraform(stack, ['init', '-input=false'], { shell });
    for (const address of addresses) await runTerraform(stack, ['untaint', address], { shell });
  }
}

const stateSchema = z.object({
  resources: z.array(
    z.object({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(z.object({ status: z.string().optional() })),
    }),
  ),
});

/** @returns the addresses of a state's tainted resources for which the condition holds. */
export function taintedIn(
  state: string | undefined,
  condition: (address: string) => boolean,
): readonly string[] {
  if (state === undefined) return [];
  return stateSchema
    .parse(JSON.parse(state))
    .resources.filter(({ instances }) => instances.some(({ status }) => status === 'tainted'))
    .map(({ type, name }) => `${type}.${name}`)
    .filter(condition);
}

async function readState(s3: S3Client, accountId: string, stack: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand(stateAddress(accountId, stack)));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

const lifecycleSchema = z.object({ lifecycle: z.object({ prevent_destroy: z.literal(true) }) });
const stackSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

/** @returns a function that says whether the synthesized stack forbids destroying the resource of an address. */
function isProtected(stack: string, shell: Shell): (address: string) => boolean {
  const file = join(stackFolder(stack, shell), 'cdk.tf.json');
  const { resource } = stackSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return (address) => {
    const [type = '', name = ''] = address.split('.');
    return lifecycleSchema.safeParse(resource[type]?.[name]).success;
  };
}
