import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import type { Shell } from '../../../cli/process';
import { configuration } from '../../../config/environments';
import { assume, createRole, credentialVariables } from '../../support/aws';
import { earlierSecrets } from '../../support/earlier-stack';
import { expectSuccess } from '../../support/project';
import type { Migration } from './migration';

const policySchema = z.object({ Statement: z.array(z.looseObject({})) });

/** @returns the variables of a role that may do what a command's `--policy` says, and nothing else. */
export async function onlyFor(migration: Migration, args: readonly string[]): Promise<Shell> {
  const { clientOptions } = migration.cloud;
  const printed = expectSuccess(await migration.kairos([...args, '--policy']));
  const { Statement } = policySchema.parse(JSON.parse(printed.stdout));
  const [iam, sts] = [new IAMClient(clientOptions), new STSClient(clientOptions)];
  const arn = await createRole(iam, `may-${args[1] ?? ''}`, configuration.accountId, Statement);
  return credentialVariables(await assume(sts, arn));
}

/** Neither a secret's value nor a long part of it. */
export function expectNoSecret(text: string): void {
  for (const value of Object.values(earlierSecrets)) expect(text).not.toContain(value.slice(0, 12));
}
