import { z } from 'zod';

/** One resource that a stack declares. */
export interface Declared {
  readonly type: string;
  readonly address: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const stackSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
});

/** @returns the resources of a synthesized stack. */
export function declaredIn(template: unknown): readonly Declared[] {
  return Object.entries(stackSchema.parse(template).resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, body]) => ({ type, address: `${type}.${name}`, body })),
  );
}
