import { z } from 'zod';
import type { LiveEnvironment } from '../live/environment';
import { readObject, writeObject } from '../live/state';

/** The result of the last smoke test of an environment, which is stored next to the environment's state. */
export interface SmokeRecord {
  /** The version that was live. */
  readonly version: string;
  /** The digest of its image. */
  readonly digest: string;
  readonly at: Date;
  readonly passed: boolean;
  /** What was wrong. @default - nothing */
  readonly reason?: string;
  /** The paths of the API in the last test that passed. */
  readonly paths: readonly string[];
}

const recordSchema = z.object({
  version: z.string(),
  digest: z.string(),
  at: z.coerce.date(),
  passed: z.boolean(),
  reason: z.string().optional(),
  paths: z.array(z.string()),
});

/** @returns the result of the last smoke test; undefined if there was none. */
export async function readSmokeRecord(environment: LiveEnvironment): Promise<SmokeRecord | undefined> {
  const found = await readObject(environment, recordKey(environment));
  return found === undefined ? undefined : recordSchema.parse(JSON.parse(found.text));
}

export function writeSmokeRecord(environment: LiveEnvironment, record: SmokeRecord): Promise<void> {
  return writeObject(environment, recordKey(environment), record);
}

function recordKey({ names }: LiveEnvironment): string {
  return names.smokeRecord;
}
