import { z } from 'zod';

/** Lambda's report about one invocation. */
export interface Report {
  /** In MB. */
  readonly memory: number;
  /** The most memory that this execution environment has used so far, in MB. */
  readonly used: number;
  /** The duration of the handler, in milliseconds. */
  readonly duration: number;
  /** The billed duration, in milliseconds. It includes the start. */
  readonly billed: number;
  /** The duration of the cold start, in milliseconds. @default - the environment was warm */
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

/** @param message a line of the function's log. @returns the report; undefined if the line is something else. */
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

/** The application may write lines that are not JSON. They are ignored. */
function jsonOf(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
