import { z } from 'zod';

/** What Lambda says of one invocation once it is over. */
export interface Report {
  /** In MB. */
  readonly memory: number;
  /** The most that was used of it so far in this environment, in MB. */
  readonly used: number;
  /** How long the handler ran, in milliseconds. */
  readonly duration: number;
  /** What is paid for, in milliseconds; the start counts. */
  readonly billed: number;
  /** How long the environment took to start, in milliseconds. @default - it was there */
  readonly start?: number;
  readonly timedOut: boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report */
const reportSchema = z.object({
  type: z.literal('platform.report'),
  record: z.object({
    status: z.string(),
    metrics: z.object({
      durationMs: z.number(),
      billedDurationMs: z.number(),
      memorySizeMB: z.number(),
      maxMemoryUsedMB: z.number(),
      initDurationMs: z.number().optional(),
    }),
  }),
});

/** @param message a line of the function's log. @returns the report, or nothing when the line is something else. */
export function reportIn(message: string): Report | undefined {
  const parsed = reportSchema.safeParse(jsonOf(message));
  if (!parsed.success) return undefined;
  const { status, metrics } = parsed.data.record;
  return {
    memory: metrics.memorySizeMB,
    used: metrics.maxMemoryUsedMB,
    duration: metrics.durationMs,
    billed: metrics.billedDurationMs,
    start: metrics.initDurationMs,
    timedOut: status === 'timeout',
  };
}

/** The application may write what is no JSON; of such a line there is nothing to know. */
function jsonOf(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
