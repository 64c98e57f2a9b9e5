import { z } from 'zod';
import { environment } from './parts';

/** The output with `--json` of the commands for a migration. */

const resource = z.strictObject({
  name: z.string(),
  type: z.string(),
  id: z.string(),
  retained: z.boolean(),
});

/** `kairos migrate plan` */
export const migrationPlanSchema = z.strictObject({
  from: z.string(),
  environment,
  endpoint: z.url(),
  database: z.string().optional(),
  adopted: z.array(
    z.strictObject({
      stack: z.string(),
      to: z.string(),
      id: z.string(),
      what: z.string(),
      resource: resource.optional(),
    }),
  ),
  made: z.array(z.string()),
  stays: z.array(resource),
  unretained: z.array(z.string()),
  secrets: z.array(z.string()),
  contradictions: z.array(z.strictObject({ what: z.string(), remedy: z.string() })),
  changes: z.array(z.string()),
  /** The files with the imports; none while something prevents the migration. */
  files: z.array(z.string()),
  steps: z.array(z.string()),
});

/** `kairos migrate secrets` */
export const migratedSecretsSchema = z.strictObject({
  from: z.string(),
  environment,
  written: z.array(z.strictObject({ name: z.string(), version: z.int() })),
  /** Those that the function does not have. */
  missing: z.array(z.string()),
});
