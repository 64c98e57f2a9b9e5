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

/** `kairos logs`, one a line. */
export const logEntrySchema = z.strictObject({
  time: z.iso.datetime(),
  source: z.enum(['function', 'api', 'edge', 'waf']),
  error: z.boolean(),
  message: z.string(),
});

/** `kairos logs --query` */
export const queryRowsSchema = z.array(z.record(z.string(), z.string()));
