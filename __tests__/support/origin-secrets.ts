import { z } from 'zod';
import { expectSuccess, type Project } from './project';

const stateSchema = z.object({
  resources: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      instances: z.array(z.object({ attributes: z.record(z.string(), z.unknown()) })),
    }),
  ),
});

const slotSchema = z.object({ triggers_replace: z.object({ value: z.object({ secret: z.string() }) }) });

/** The two secrets of an environment's origin, from its state. */
export interface OriginSecrets {
  readonly even: string;
  readonly odd: string;
}

export async function readOriginSecrets(project: Project, stack: string): Promise<OriginSecrets> {
  const { stdout } = expectSuccess(await project.terraform(stack, ['state', 'pull']));
  const slots = stateSchema
    .parse(JSON.parse(stdout))
    .resources.filter(({ type }) => type === 'terraform_data');
  const secretOf = (slot: string): string => {
    const instance = slots.find(({ name }) => name.includes(slot))?.instances[0];
    return slotSchema.parse(instance?.attributes).triggers_replace.value.secret;
  };
  return { even: secretOf('Slot0'), odd: secretOf('Slot1') };
}
