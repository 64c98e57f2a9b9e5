import { z } from 'zod';

/**
 * The used parts of `terraform show -json`: https://developer.hashicorp.com/terraform/internals/json-format. Values are
 * `unknown`, and only `shown-values.ts` decides which may be shown.
 */
const changeSchema = z.object({
  actions: z.array(z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget'])),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  importing: z.unknown().optional(),
});

const resourceChangeSchema = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  deposed: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  change: changeSchema,
});

const planSchema = z.object({
  errored: z.boolean().default(false),
  resource_changes: z.array(resourceChangeSchema).default([]),
  resource_drift: z.array(resourceChangeSchema).default([]),
  output_changes: z.record(z.string(), changeSchema).default({}),
});

/** A plan as Terraform writes it. */
export type PlanJson = z.infer<typeof planSchema>;

export type ResourceChangeJson = z.infer<typeof resourceChangeSchema>;

export type ValueChangeJson = z.infer<typeof changeSchema>;

/** @throws ZodError if the text is not a plan. */
export function readPlan(text: string): PlanJson {
  return planSchema.parse(JSON.parse(text));
}
