import { z } from 'zod';

const templateSchema = z.looseObject({
  provider: z.object({
    aws: z.array(
      z.looseObject({ default_tags: z.array(z.object({ tags: z.record(z.string(), z.string()) })) }),
    ),
  }),
});

/** @returns a synthesized stack with additional tags on all of its resources. */
export function tagged(template: unknown, tags: Readonly<Record<string, string>>): unknown {
  const parsed = templateSchema.parse(template);
  for (const provider of parsed.provider.aws)
    for (const each of provider.default_tags) Object.assign(each.tags, tags);
  return parsed;
}
