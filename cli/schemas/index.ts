import { z } from 'zod';
import { imageTagSchema, imageStatusSchema, imagePushSchema, imagePruneSchema } from './image';
import {
  doctorSchema,
  bootstrapSchema,
  secretsSchema,
  secretsSetSchema,
  localDownSchema,
  localEnvSchema,
  localUpSchema,
  localStatusSchema,
} from './machine';
import { migrationPlanSchema, migratedSecretsSchema } from './migrate';
import { logEntrySchema, queryRowsSchema, costSchema, tuneSchema, dashboardSchema } from './observe';
import {
  releaseSchema,
  rollbackSchema,
  rollbackListSchema,
  smokeSchema,
  statusSchema,
  unlockSchema,
  recoverSchema,
} from './release';

/** The output of each command with `--json`, for a pipeline, a script or a test. `logs` prints one object per line. */
export const jsonSchemas: Readonly<Record<string, z.ZodType>> = {
  bootstrap: bootstrapSchema,
  cost: costSchema,
  dashboard: dashboardSchema,
  doctor: doctorSchema,
  'image prune': imagePruneSchema,
  'image push': imagePushSchema,
  'image status': imageStatusSchema,
  'image tag': imageTagSchema,
  'local down': localDownSchema,
  'local env': localEnvSchema,
  'local status': localStatusSchema,
  'local up': localUpSchema,
  logs: z.union([logEntrySchema, queryRowsSchema]),
  'migrate plan': migrationPlanSchema,
  'migrate secrets': migratedSecretsSchema,
  promote: releaseSchema,
  recover: recoverSchema,
  release: releaseSchema,
  rollback: z.union([rollbackSchema, rollbackListSchema]),
  'secrets check': secretsSchema,
  'secrets set': secretsSetSchema,
  smoke: smokeSchema,
  status: z.union([statusSchema, z.array(statusSchema)]),
  tune: tuneSchema,
  unlock: unlockSchema,
};
