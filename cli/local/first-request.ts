import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { connectTo, reachable } from '../address';
import type { Shell } from '../process';
import type { StackSummary } from './summary';

export interface FirstRequest {
  /** The URL, as a browser on this machine can open it. */
  readonly address: string;
  /** The status; undefined if there was no response. */
  readonly status?: number;
  /** The duration, in milliseconds. */
  readonly milliseconds: number;
  /** Why it failed, in the application's words. */
  readonly reason?: string;
}

/** The time limit for a request that includes a cold start, in milliseconds. */
const patience = 35_000;

/** Sends a request through an environment's public URL, like the first user. */
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

/** What Lambda logs at the end of an invocation or a failed start: the status and the type of the error. */
const reportSchema = z.object({
  type: z.enum(['platform.report', 'platform.initReport']),
  record: z.object({ status: z.enum(['error', 'failure', 'timeout']), errorType: z.string().optional() }),
});

/**
 * @param since when the request was sent, in milliseconds; earlier errors do not explain its failure.
 * @returns the last error in the function's log, without its stack trace; undefined if there is none.
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
      // A line with a level says whether it is an error, whatever its text is.
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

/** The user's shell points elsewhere. */
function nothingIn(stack: string): string {
  const look = `eval "$(npx kairos local env)" && npx kairos logs ${stack.replace(/^kairos-/, '')}`;
  return `its log does not say why; the whole log: ${look}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what the application prints is not JSON
  }
}
