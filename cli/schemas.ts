import { z } from 'zod';

/** What `--json` of each command prints, for whoever reads it: a pipeline, a script, a test. */

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const environment = z.string();

/** `kairos doctor` */
export const doctorSchema = z.strictObject({
  /** Whether nothing is wrong. */
  healthy: z.boolean(),
  checks: z.array(
    z.strictObject({
      group: z.string(),
      id: z.string(),
      title: z.string(),
      state: z.enum(['ok', 'wrong', 'unknown']),
      found: z.string(),
      advice: z.string().optional(),
    }),
  ),
});

/** `kairos logs`, one a line. */
export const logEntrySchema = z.strictObject({
  time: z.iso.datetime(),
  source: z.enum(['function', 'api', 'edge', 'waf']),
  error: z.boolean(),
  message: z.string(),
});

/** `kairos logs --query` */
export const queryRowsSchema = z.array(z.record(z.string(), z.string()));

const bootstrapSchema = z.array(z.strictObject({ bucket: z.string(), made: z.boolean() }));

const secretsSchema = z.array(
  z.strictObject({
    name: z.string(),
    version: z.int().optional(),
    changed: z.iso.datetime().optional(),
    isSet: z.boolean(),
  }),
);

const imageTagSchema = z.strictObject({
  tag: z.string(),
  source: z.string(),
  version: z.string(),
  platform: z.string(),
  files: z.array(z.string()),
});

const imageStatusSchema = z.strictObject({
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

const imagePushSchema = z.strictObject({ tag: z.string(), digest, pushed: z.boolean() });

const imagePruneSchema = z.strictObject({
  removed: z.array(digest),
  failed: z.array(z.strictObject({ digest: z.string(), reason: z.string() })),
});

/** `kairos release` and `kairos promote` */
export const releaseSchema = z.strictObject({
  environment,
  outcome: z.enum(['released', 'unchanged', 'taken back']),
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

const rollbackListSchema = z.array(
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

const smokeSchema = z.strictObject({
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

/** `kairos status` of one environment; without one it is a list of these. */
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

const unlockSchema = z.strictObject({
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

const costSchema = z.looseObject({ environment, duration: z.number() });

const tuneSchema = z.strictObject({
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

const localUpSchema = z.array(
  z.strictObject({
    stack: z.string(),
    outputs: z.record(z.string(), z.string()),
    resources: z.record(z.string(), z.int()),
    request: z
      .strictObject({
        address: z.string(),
        status: z.int().optional(),
        milliseconds: z.number(),
        reason: z.string().optional(),
      })
      .optional(),
  }),
);

const localStatusSchema = z.union([
  z.strictObject({ running: z.literal(false) }),
  z.strictObject({
    running: z.literal(true),
    pid: z.int(),
    port: z.int(),
    accountId: z.string(),
    region: z.string(),
    endpoint: z.url(),
    addresses: z.record(z.string(), z.string()),
  }),
]);

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

/** By command; `logs` prints one a line. */
export const jsonSchemas: Readonly<Record<string, z.ZodType>> = {
  bootstrap: bootstrapSchema,
  cost: costSchema,
  dashboard: dashboardSchema,
  doctor: doctorSchema,
  'image prune': imagePruneSchema,
  'image push': imagePushSchema,
  'image status': imageStatusSchema,
  'image tag': imageTagSchema,
  'local status': localStatusSchema,
  'local up': localUpSchema,
  logs: z.union([logEntrySchema, queryRowsSchema]),
  promote: releaseSchema,
  recover: recoverSchema,
  release: releaseSchema,
  rollback: z.union([rollbackSchema, rollbackListSchema]),
  'secrets check': secretsSchema,
  smoke: smokeSchema,
  status: z.union([statusSchema, z.array(statusSchema)]),
  tune: tuneSchema,
  unlock: unlockSchema,
};
