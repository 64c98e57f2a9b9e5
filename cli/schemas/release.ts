import { z } from 'zod';
import { digest, environment } from './parts';

/** The output with `--json` of the commands that change, test and repair what is live. */

/** `kairos release` and `kairos promote` */
export const releaseSchema = z.strictObject({
  environment,
  outcome: z.enum(['released', 'unchanged', 'rolled back']),
  version: z.string().regex(/^\d+$/),
  digest,
  released: digest,
  reason: z.string().optional(),
  stateAgrees: z.boolean(),
  seconds: z.number(),
});

/** `kairos rollback` */
export const rollbackSchema = z.strictObject({
  environment,
  outcome: z.enum(['rolled back', 'unchanged']),
  from: z.strictObject({ version: z.string(), digest: z.string() }),
  version: z.string(),
  digest: z.string(),
  secondsToAnswer: z.number().optional(),
  stateAgrees: z.boolean(),
  remark: z.string().optional(),
  answers: z.boolean(),
});

export const rollbackListSchema = z.array(
  z.strictObject({
    version: z.string(),
    digest: z.string(),
    published: z.string(),
    releasedBy: z.string().optional(),
    backend: z.string().optional(),
    commit: z.string().optional(),
    imageGone: z.boolean(),
    share: z.number(),
  }),
);

export const smokeSchema = z.strictObject({
  url: z.url(),
  version: z.string(),
  digest: z.string(),
  passed: z.boolean(),
  reason: z.string().optional(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      address: z.string(),
      status: z.int().optional(),
      milliseconds: z.number(),
      tries: z.int(),
      fault: z.string().optional(),
    }),
  ),
});

const lockSchema = z.strictObject({
  id: z.string(),
  who: z.string(),
  operation: z.string(),
  since: z.iso.datetime(),
});

/** `kairos status` of one environment. Without an environment it is a list of these. */
export const statusSchema = z.strictObject({
  environment,
  live: z
    .strictObject({
      version: z.string(),
      digest: z.string(),
      backend: z.string().optional(),
      commit: z.string().optional(),
      published: z.iso.datetime(),
      releasedBy: z.string().optional(),
    })
    .optional(),
  canary: z.strictObject({ version: z.string(), share: z.number(), since: z.iso.datetime() }).optional(),
  url: z.url().optional(),
  alarms: z.array(z.string()),
  unsetSecrets: z.array(z.string()),
  lock: lockSchema.optional(),
  smoke: z
    .strictObject({ passed: z.boolean(), reason: z.string().optional(), at: z.iso.datetime() })
    .optional(),
  drift: z.array(z.string()),
  next: z.string().optional(),
  planned: z.array(z.string()).optional(),
});

export const unlockSchema = z.strictObject({
  held: z.boolean(),
  lock: lockSchema.optional(),
  holder: z
    .discriminatedUnion('state', [
      z.strictObject({ state: z.literal('alive'), process: z.int() }),
      z.strictObject({ state: z.literal('dead') }),
      z.strictObject({ state: z.literal('elsewhere'), host: z.string() }),
    ])
    .optional(),
});

const stateVersion = z.strictObject({
  version: z.string(),
  written: z.iso.datetime(),
  content: z
    .strictObject({ serial: z.int(), lineage: z.string(), addresses: z.array(z.string()) })
    .optional(),
});

/** `kairos recover` */
export const recoverSchema = z.strictObject({
  stack: z.string(),
  lock: z.strictObject({ id: z.string(), holder: z.string() }).optional(),
  state: z
    .strictObject({
      damage: z.strictObject({
        what: z.string(),
        proposed: stateVersion,
        added: z.array(z.string()),
        removed: z.array(z.string()),
      }),
      restored: z.boolean(),
    })
    .optional(),
  found: z.array(z.strictObject({ address: z.string(), id: z.string(), provider: z.string() })),
  plan: z
    .strictObject({
      imported: z.array(z.string()),
      corrected: z.array(z.string()),
      created: z.array(z.string()),
    })
    .optional(),
  imported: z.boolean(),
  left: z.array(z.strictObject({ address: z.string(), reason: z.string() })),
});
