import { z } from 'zod';
import type { Fault } from './fault';
import { settingsOf } from './settings';

/** In bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostVariables = 4_096;

/**
 * What the stack adds to the settings: the longest values of the other variables that images/backend/start_up reads,
 * except the handler.
 */
export const ownVariables = 700;

const settingsSchema = z.object({
  applicationEnvironment: z.enum(['staging', 'production']),
  corsOrigins: z.array(z.string()),
  database: z.object({ name: z.string() }),
  mail: z.object({ username: z.string(), from: z.string(), port: z.number(), server: z.string() }),
  function: z.object({ handler: z.string() }),
});

/** Lambda would refuse them at apply, in the middle of a deploy. */
export function oversizedSettings(environment: unknown): Fault | undefined {
  const { data } = settingsSchema.safeParse(environment);
  if (data === undefined) return undefined;
  const size = Buffer.byteLength(JSON.stringify({ ...settingsOf(data), handler: data.function.handler }));
  const most = mostVariables - ownVariables;
  if (size <= most) return undefined;
  return {
    path: 'corsOrigins',
    found: `${size} bytes of settings, with ${data.corsOrigins.length} origins`,
    right: `${most} bytes at most: a function has 4 KB of variables; name fewer origins`,
  };
}
