import { z } from 'zod';
import { digest, environment } from './parts';

/** The output of `kairos image …` with `--json`. */

export const imageTagSchema = z.strictObject({
  tag: z.string(),
  source: z.string(),
  version: z.string(),
  platform: z.string(),
  files: z.array(z.string()),
});

export const imageStatusSchema = z.strictObject({
  source: z.strictObject({ tag: z.string().optional(), pushed: z.boolean() }),
  images: z.array(
    z.strictObject({
      digest,
      tags: z.array(z.string()),
      pushed: z.iso.datetime(),
      bytes: z.number(),
      isSource: z.boolean(),
      environments: z.array(environment),
      findings: z.record(z.string(), z.number()).optional(),
    }),
  ),
  total: z.int(),
});

export const imagePushSchema = z.strictObject({
  tag: z.string(),
  digest,
  pushed: z.boolean(),
  standIn: z.boolean(),
});

export const imagePruneSchema = z.strictObject({
  removed: z.array(digest),
  failed: z.array(z.strictObject({ digest: z.string(), reason: z.string() })),
});
