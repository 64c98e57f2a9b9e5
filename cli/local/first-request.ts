import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { connectTo, reachable } from '../address';
import type { Shell } from '../process';
import type { StackSummary } from './summary';

export interface FirstRequest {
  /** The address as a browser on this machine can open it. */
  readonly address: string;
  /** The status, or nothing when no answer came. */
  readonly status?: number;
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** Why it did not answer well, in the application's own words. */
  readonly reason?: string;
}

/** As long as a request may take that starts the function, in milliseconds. */
const patience = 35_000;

/** Sends a request through an environment's front door, as the first visitor would. */
export async function firstRequest({ stack, outputs }: StackSummary, shell: Shell): Promise<FirstRequest> {
  const since = Date.now();
  const address = reachable(`${outputs.url ?? outputs.api_endpoint ?? ''}/api/v1/`, connectTo(shell));
  const started = performance.now();
  const response = await fetch(address, { signal: AbortSignal.timeout(patience) }).catch(() => undefined);
  await response?.arrayBuffer();
  const result = { address, status: response?.status, milliseconds: Math.round(performance.now() - started) };
  if (response?.ok === true) return result;
  return {
    ...result,
    reason: (await lastError(outputs.function_log_group ?? '', since, shell)) ?? nothingIn(stack),
  };
}

const errorSchema = z.object({
  level: z.enum(['ERROR', 'CRITICAL', 'FATAL']),
  message: z.string().optional(),
  errorMessage: z.string().optional(),
});

/** What Lambda itself says at the end of an invocation or of a start that was none: status and kind of the error. */
const reportSchema = z.object({
  type: z.enum(['platform.report', 'platform.initReport']),
  record: z.object({ status: z.enum(['error', 'failure', 'timeout']), errorType: z.string().optional() }),
});

/**
 * @param since when the request was sent, in milliseconds: what the log says of earlier ones explains nothing.
 * @returns the last error of the function's log, without its stack trace, or nothing when there is none.
 */
async function lastError(logGroupName: string, since: number, shell: Shell): Promise<string | undefined> {
  const logs = new CloudWatchLogsClient({
    region: shell.AWS_REGION,
    endpoint: shell.AWS_ENDPOINT_URL,
    credentials: {
      accessKeyId: shell.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: shell.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  const words: string[] = [];
  let last: string | undefined;
  for await (const { events } of paginateFilterLogEvents(
    { client: logs },
    { logGroupName, startTime: since },
  )) {
    for (const { message = '' } of events ?? []) {
      const line = jsonOf(message);
      const error = errorSchema.safeParse(line).data;
      last = error?.errorMessage ?? error?.message ?? last;
      const report = reportSchema.safeParse(line).data;
      if (report !== undefined) words.push(reportWords(report));
      // A line that says its level has said that it is no error, whatever its words.
      if (line === undefined && /error|fail|cannot|denied|timed out/i.test(message))
        words.push(message.trim());
    }
  }
  return (last ?? words.at(-1))?.split('\n')[0];
}

function reportWords({ type, record }: z.infer<typeof reportSchema>): string {
  const what = type === 'platform.report' ? 'an invocation' : 'a start';
  return `${what} of the function ended by ${record.errorType ?? record.status}`;
}

/** Whoever reads this has a shell that points elsewhere. */
function nothingIn(stack: string): string {
  const look = `eval "$(npx kairos local env)" && npx kairos logs ${stack.replace(/^kairos-/, '')}`;
  return `nothing in its log says why; all of it: ${look}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what the application prints is no JSON
  }
}
