import { z } from 'zod';

/** What `--json` of each command prints, for whoever reads it: a pipeline, a test. */

const findingSchema = z.strictObject({
  group: z.string(),
  id: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'wrong', 'unknown']),
  found: z.string(),
  advice: z.string().optional(),
});

/** `kairos doctor` */
export const doctorSchema = z.strictObject({ healthy: z.boolean(), checks: z.array(findingSchema) });
