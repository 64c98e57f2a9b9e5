import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Shell } from './process';
import { stackFolder } from './project';

const bodySchema = z.record(z.string(), z.unknown());
const stackSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), bodySchema)).default({}),
});

/** A synthesized resource. */
export interface SynthesizedResource {
  /** Such as `aws_ecr_repository`. */
  readonly type: string;
  /** Its type and name, as Terraform writes them. */
  readonly address: string;
  /** Its arguments. */
  readonly body: z.infer<typeof bodySchema>;
}

/** @returns the resources of a synthesized stack. */
export function synthesizedResources(stack: string, shell: Shell): readonly SynthesizedResource[] {
  const file = join(stackFolder(stack, shell), 'cdk.tf.json');
  const { resource } = stackSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, body]) => ({ type, address: `${type}.${name}`, body })),
  );
}
