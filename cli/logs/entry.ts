import type { LogSource } from './sources';

/** One line of a log. */
export interface LogEntry {
  readonly source: LogSource;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** The text as it was written. */
  readonly message: string;
}

/** A line for a person. */
export interface ReadableLine {
  readonly text: string;
  readonly isError: boolean;
}

type Members = Readonly<Record<string, unknown>>;

/** @returns the line for a person; undefined if only the platform needs it. */
export function readable({ source, message }: LogEntry): ReadableLine | undefined {
  const members = membersOf(message);
  if (members === undefined) {
    return { text: message.trimEnd(), isError: /\b(ERROR|CRITICAL|Task timed out)\b/.test(message) };
  }
  return readers[source](members);
}

const readers: Readonly<Record<LogSource, (members: Members) => ReadableLine | undefined>> = {
  function: functionLine,
  api: (members) => {
    const why =
      text(members.integrationErrorMessage) || text(members.errorMessage) || text(members.authorizerError);
    return request(
      members,
      'method',
      'path',
      'status',
      `${text(members.responseLatency)} ms ${text(members.requestId)}`,
      why,
    );
  },
  edge: (members) => {
    const seconds = Number(text(members['time-taken']));
    const result = `${Math.round(seconds * 1000)} ms ${text(members['x-edge-result-type'])} ${text(members['c-ip'])}`;
    return request(members, 'cs-method', 'cs-uri-stem', 'sc-status', result, '');
  },
  waf: (members) => {
    const { httpMethod, uri, clientIp } = membersIn(members.httpRequest);
    const action = text(members.action);
    return {
      text: `${action} ${text(httpMethod)} ${text(uri)} ${text(clientIp)} ${text(members.terminatingRuleId)}`,
      isError: action === 'BLOCK',
    };
  },
};

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
function functionLine(members: Members): ReadableLine | undefined {
  const type = text(members.type);
  if (type.startsWith('platform.')) return platformLine(type, membersIn(members.record));
  const level = text(members.level) || 'INFO';
  const words = text(members.message) || text(members.errorMessage) || JSON.stringify(members);
  const request = text(members.requestId) || text(members.AWSRequestId);
  return {
    text: `${level} ${words}${request === '' ? '' : ` ${request}`}`,
    isError: ['ERROR', 'FATAL', 'CRITICAL'].includes(level),
  };
}

/** An invocation's report contains everything that its other lines do. */
function platformLine(type: string, record: Members): ReadableLine | undefined {
  const status = text(record.status);
  const failed = status !== '' && status !== 'success';
  if (type !== 'platform.report' && !failed) return undefined;
  const { durationMs, initDurationMs, maxMemoryUsedMB } = membersIn(record.metrics);
  const start = initDurationMs === undefined ? '' : `, cold start ${Math.round(Number(initDurationMs))} ms`;
  const why = failed ? `, ${status} ${text(record.errorType)}` : '';
  return {
    text: `${type.replace('platform.', '')} ${Math.round(Number(durationMs ?? 0))} ms${start}, ${text(maxMemoryUsedMB)} MB${why} ${text(record.requestId)}`,
    isError: failed,
  };
}

function request(
  members: Members,
  method: string,
  path: string,
  status: string,
  more: string,
  why: string,
): ReadableLine {
  const code = text(members[status]);
  const reason = why === '' || why === '-' ? '' : ` ${why}`;
  return {
    text: `${text(members[method])} ${text(members[path])} ${code} ${more}${reason}`,
    isError: Number(code) >= 500,
  };
}

function membersOf(message: string): Members | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    return membersIn(JSON.parse(message));
  } catch {
    return undefined; // a line that an application prints may begin with a brace
  }
}

function membersIn(value: unknown): Members {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
