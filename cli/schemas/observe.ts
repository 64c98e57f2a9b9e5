import { z } from 'zod';
import { environment } from './parts';

/** The output with `--json` of the commands that show what has run. */

/** `kairos logs`, one object per line. */
export const logEntrySchema = z.strictObject({
  time: z.iso.datetime(),
  source: z.enum(['function', 'api', 'edge', 'waf']),
  error: z.boolean(),
  message: z.string(),
});

/** `kairos logs --query` */
export const queryRowsSchema = z.array(z.record(z.string(), z.string()));

export const costSchema = z.looseObject({ environment, duration: z.number() });

export const tuneSchema = z.strictObject({
  environment,
  sizes: z.array(
    z.strictObject({
      memory: z.int(),
      invocations: z.int(),
      duration: z.strictObject({ mean: z.number(), p50: z.number(), p95: z.number(), p99: z.number() }),
      coldStarts: z.int(),
      startP95: z.number().optional(),
      timeouts: z.int(),
      used: z.number(),
      costPerMillion: z.number(),
    }),
  ),
  advice: z.array(
    z.strictObject({ why: z.string(), setting: z.string().optional(), to: z.number().optional() }),
  ),
});

/** `kairos dashboard` */
export const dashboardSchema = z.strictObject({
  alarms: z.record(z.string(), z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA'])),
  graphs: z.array(
    z.strictObject({
      title: z.string(),
      series: z.array(z.array(z.strictObject({ at: z.number(), value: z.number() }))),
    }),
  ),
});
