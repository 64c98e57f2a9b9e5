import { environmentNames, foundationOf, imageStackName, namesOf } from '../config/names';
import { holderOf, lockIn } from './live/lock';
import type { Shell } from './process';
import { stackFolder } from './project';
import { terraformCommand } from './tools/terraform';

/**
 * @param output of Terraform. @param stacks that it ran for.
 * @returns what is wrong with a state and what to type, in one line: it is locked, or its bucket is missing. Undefined
 * if the output says neither.
 */
export function stateFault(output: string, stacks: readonly string[], shell: Shell): string | undefined {
  return lockFault(output, shell) ?? bucketFault(output, stacks);
}

function lockFault(output: string, shell: Shell): string | undefined {
  const lock = lockIn(output);
  if (lock === undefined) return undefined;
  const unlock = `${terraformCommand(shell)} -chdir=${stackFolder(lock.stack, shell)} force-unlock ${lock.id}`;
  return `the state of ${lock.stack} is held by ${holderOf(lock)}; if that run is dead, next: ${unlock}`;
}

/**
 * The message of the backend:
 * https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/client.go
 */
const missing = /S3 bucket[\s│]+"([^"]+)"[\s│]+does[\s│]+not[\s│]+exist/;

function bucketFault(output: string, stacks: readonly string[]): string | undefined {
  const bucket = missing.exec(output)?.[1];
  if (bucket === undefined) return undefined;
  const environment = environmentNames.find((name) => bucket.endsWith(`-${name}`));
  const own = environment === undefined ? stacks : [namesOf(environment).stack];
  const separate = environmentNames.find((name) => own.includes(foundationOf(name)));
  const bootstrap = ['npx kairos bootstrap', environment ?? separate].filter((word) => word !== undefined);
  // Without its state, an existing stack would be created a second time.
  const recover = own
    .filter((stack) => stack !== imageStackName)
    .map((stack) => `npx kairos recover ${stack.replace('kairos-', '')}`);
  const then = recover.length === 0 ? '' : `, then if it was deployed before: ${recover.join(', ')}`;
  return `the state bucket ${bucket} does not exist; next: ${bootstrap.join(' ')}${then}`;
}
