import { z } from 'zod';

/** The output with `--json` of the commands for the machine, the account and the local cloud. */

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

export const bootstrapSchema = z.array(z.strictObject({ bucket: z.string(), made: z.boolean() }));

export const secretsSchema = z.array(
  z.strictObject({
    name: z.string(),
    version: z.int().optional(),
    changed: z.iso.datetime().optional(),
    isSet: z.boolean(),
  }),
);

/** `kairos secrets set`: what was written, but no value. */
export const secretsSetSchema = z.array(z.strictObject({ name: z.string(), version: z.int() }));

/** `kairos local env`, also with `--unset`. */
export const localEnvSchema = z.strictObject({
  set: z.record(z.string(), z.string()),
  /** What is unset, because it would override what is set. */
  unset: z.array(z.string()),
  /** The names of the variables that the shell had before. Only the shell has their values. */
  restored: z.array(z.string()),
});

/** `kairos local down` */
export const localDownSchema = z.strictObject({
  /** Whether there was one to stop. */
  stopped: z.boolean(),
});

export const localUpSchema = z.array(
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

export const localStatusSchema = z.union([
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
