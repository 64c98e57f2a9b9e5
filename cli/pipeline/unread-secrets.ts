import type { ParameterMetadata, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { environmentNames, namesOf } from '../../config/names';
import type { SynthesizedResource } from '../synthesized-resources';
import type { ResourceChangeJson } from './plan-json';

/**
 * Terraform's refresh reads the values of these resources. A role that may not read values compares their metadata
 * instead.
 */
export const secretType = 'aws_ssm_parameter';

const secretSchema = z.object({ name: z.string(), type: z.string() });

/**
 * The attributes of a secret that are compared. More principals than allowed can read a value that is not encrypted, or
 * is encrypted with another key.
 */
interface Looks {
  readonly type?: string;
  readonly key_id?: string;
}

/**
 * Compares the secrets of a stack with their metadata in AWS. It only needs `ssm:DescribeParameters`.
 * @returns the necessary changes, in the form of a Terraform plan; none for a secret without a difference.
 */
export async function secretChanges(
  ssm: SSMClient,
  resources: readonly SynthesizedResource[],
): Promise<readonly ResourceChangeJson[]> {
  const live = await describedParameters(ssm);
  return resources
    .filter(({ type }) => type === secretType)
    .flatMap(({ address, body }) => {
      const { name, type } = secretSchema.parse(body);
      const after: Looks = { type, key_id: keyOf(name) };
      const found = live.get(name);
      if (found === undefined) return [changed(address, 'create', null, after)];
      const before: Looks = { type: found.Type, key_id: found.KeyId };
      const isSame = before.type === after.type && before.key_id === after.key_id;
      return isSame ? [] : [changed(address, 'update', before, after)];
    });
}

async function describedParameters(ssm: SSMClient): Promise<ReadonlyMap<string, ParameterMetadata>> {
  const { paginateDescribeParameters } = await import('@aws-sdk/client-ssm');
  const Values = environmentNames.map((name) => namesOf(name).secretsPath.replace(/\/$/, ''));
  const found = new Map<string, ParameterMetadata>();
  const pages = paginateDescribeParameters(
    { client: ssm, pageSize: 50 },
    { ParameterFilters: [{ Key: 'Path', Option: 'OneLevel', Values }] },
  );
  for await (const { Parameters = [] } of pages)
    for (const parameter of Parameters)
      if (parameter.Name !== undefined) found.set(parameter.Name, parameter);
  return found;
}

/** @returns the alias of the key with which every write of a secret encrypts it. */
function keyOf(parameter: string): string | undefined {
  const owner = environmentNames.find((name) => parameter.startsWith(namesOf(name).secretsPath));
  return owner && namesOf(owner).keyAlias;
}

function changed(
  address: string,
  action: 'create' | 'update',
  before: Looks | null,
  after: Looks,
): ResourceChangeJson {
  const change = { actions: [action], before, after, replace_paths: [] };
  return { address, mode: 'managed', type: secretType, change };
}
