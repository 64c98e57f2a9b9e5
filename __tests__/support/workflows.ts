import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Permissions } from './fake-github';

const workflowSchema = z.object({
  jobs: z.record(
    z.string(),
    z.object({ permissions: z.record(z.string(), z.enum(['read', 'write'])).default({}) }),
  ),
});

/** @returns the permissions of a job's token, as its workflow declares them. */
export function permissionsOf(file: string, job: string): Permissions {
  const path = join(resolve(__dirname, '../..'), '.github', 'workflows', file);
  const found = workflowSchema.parse(parse(readFileSync(path, 'utf8'))).jobs[job];
  if (found === undefined) throw new Error(`${file} has no job ${job}`);
  return found.permissions;
}
