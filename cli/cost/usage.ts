import type { Environment, ImageConfiguration } from '../../config/types';
import { type Line, line, type Service } from './line';

/** A month, as AWS bills it. */
export const hoursPerMonth = 730;

/** For transferred and stored data. Lambda's memory is counted in units of 1,024. */
export const bytesPerGb = 1e9;
const megabytesPerGb = 1024;

/** The requests of a month. */
export interface Load {
  /** Their number per month. */
  readonly requests: number;
  /** The duration of an invocation, in milliseconds. */
  readonly duration: number;
}

/** The assumed sizes of one request, in bytes; lines as the local cloud writes them, plus 26 bytes for each. */
export const assumed = {
  requestBytes: 1_000,
  responseBytes: 4_000,
  /** Start, report and one line of the application. */
  functionLog: 1_000,
  apiLog: 650,
  edgeLog: 900,
  firewallLog: 1_600,
  /** Up to this size per request, WAF's log is free: https://aws.amazon.com/waf/pricing/ */
  firewallLogIncluded: 500,
  /** The stored part of a line, after compression. */
  keptShare: 0.15,
} as const;

/**
 * Lambda's sampling, which cannot be changed: one request per second, and one in twenty of the others.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
const sampling = { perSecond: 1, share: 0.05 } as const;

export interface Deployment {
  readonly environment: Environment;
  readonly architecture: ImageConfiguration['architecture'];
}

/** @returns the cost of a month's requests in this environment. */
export function usageLines(deployment: Deployment, load: Load): readonly Line[] {
  const { edge } = deployment.environment;
  return [
    ...functionLines(deployment, load),
    line('API Gateway', 'httpApiRequest', load.requests),
    ...(edge === false
      ? [regionOut('API Gateway', load)]
      : [...edgeLines(load), ...firewallLines(load), ...authorizerLines(edge.apiKeys, load)]),
    ...logLines(deployment, load, {
      regional: assumed.functionLog + assumed.apiLog,
      edge: edge === false ? 0 : assumed.edgeLog,
      firewall: edge === false ? 0 : assumed.firewallLog,
    }),
    line('X-Ray', 'trace', tracesOf(load.requests)),
  ];
}

/**
 * Duration with provisioned concurrency is a little cheaper than listed here, so the total is too high rather than too
 * low.
 */
export function functionLines(
  { environment: { function: backend }, architecture }: Deployment,
  { requests, duration }: Load,
): readonly Line[] {
  const gigabytes = backend.memory / megabytesPerGb;
  const kept = (backend.provisionedConcurrency ?? 0) * gigabytes * hoursPerMonth * 3_600;
  return [
    line('Lambda', 'lambdaRequest', requests),
    line(
      'Lambda',
      architecture === 'arm64' ? 'lambdaArm' : 'lambdaX86',
      requests * (duration / 1_000) * gigabytes,
    ),
    ...(kept === 0 ? [] : [line('Lambda', 'lambdaProvisioned', kept)]),
  ];
}

/** API Gateway caches the authorizer's result, unless routes require API keys. */
function authorizerLines(keys: unknown, { requests }: Load): readonly Line[] {
  if (keys === undefined) return [];
  const run = { gigabytes: 0.25, seconds: 0.005 };
  return [
    line('Lambda', 'lambdaRequest', requests),
    line('Lambda', 'lambdaArm', requests * run.gigabytes * run.seconds),
  ];
}

/** Traffic from AWS to CloudFront is free. The edge function runs for each response. */
export function edgeLines({ requests }: Load): readonly Line[] {
  return [
    line('CloudFront', 'edgeRequest', requests),
    line('CloudFront', 'edgeFunction', requests),
    line('CloudFront', 'edgeOut', (requests * assumed.responseBytes) / bytesPerGb),
    line('CloudFront', 'edgeToOrigin', (requests * assumed.requestBytes) / bytesPerGb),
  ];
}

export function firewallLines({ requests }: Load): readonly Line[] {
  return [line('WAF', 'webAclRequest', requests)];
}

/** @returns the cost of transferring all responses from the region to the internet. */
export function regionOut(service: Service, { requests }: Load): Line {
  return line(service, 'regionOut', (requests * assumed.responseBytes) / bytesPerGb);
}

/** The size of the log of one request, in bytes. */
export interface LoggedBytes {
  readonly regional: number;
  readonly edge: number;
  readonly firewall: number;
}

export function logLines(
  { environment: { logRetention } }: Deployment,
  { requests }: Load,
  { regional, edge, firewall }: LoggedBytes,
): readonly Line[] {
  const gigabytes = (bytes: number) => (requests * bytes) / bytesPerGb;
  const months = logRetention / 30;
  return [
    line('logs', 'logRegional', gigabytes(regional)),
    ...(edge + firewall === 0
      ? []
      : [line('logs', 'logEdge', gigabytes(edge + Math.max(0, firewall - assumed.firewallLogIncluded)))]),
    line('logs', 'logKept', gigabytes(regional + edge + firewall) * assumed.keptShare * months),
  ];
}

/** For evenly distributed requests, of which the most are traced. */
export function tracesOf(requests: number): number {
  const first = Math.min(requests, sampling.perSecond * hoursPerMonth * 3_600);
  return first + (requests - first) * sampling.share;
}
