import type { Environment, ImageConfiguration } from '../../config/types';
import { type Line, line, type Service } from './line';

/** A month as AWS counts it. */
export const hoursPerMonth = 730;

/** Of data that is moved or kept; Lambda's memory counts in 1,024. */
export const bytesPerGb = 1e9;
const megabytesPerGb = 1024;

/** What a month's requests are like. */
export interface Load {
  /** How many there are in a month. */
  readonly requests: number;
  /** How long the function works for one, in milliseconds. */
  readonly duration: number;
}

/** What is assumed of one request, in bytes; lines as the local cloud writes them, and the 26 that each adds. */
export const assumed = {
  requestBytes: 1_000,
  responseBytes: 4_000,
  /** Start, report and one line of the application. */
  functionLog: 1_000,
  apiLog: 650,
  edgeLog: 900,
  firewallLog: 1_600,
  /** WAF's own log is free up to here, by request: https://aws.amazon.com/waf/pricing/ */
  firewallLogIncluded: 500,
  /** What is kept of a line once it is compressed. */
  keptShare: 0.15,
} as const;

/**
 * Lambda's own sampling, which nothing changes: one request a second, and one of twenty beyond.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
const sampling = { perSecond: 1, share: 0.05 } as const;

export interface Deployment {
  readonly environment: Environment;
  readonly architecture: ImageConfiguration['architecture'];
}

/** @returns what the requests of a month cost as the environment is. */
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

/** Duration in kept environments costs a little less than listed here, so the sum is on the high side. */
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

/** API Gateway remembers the authorizer's verdict, except where each request has a key of its own. */
function authorizerLines(keys: unknown, { requests }: Load): readonly Line[] {
  if (keys === undefined) return [];
  const run = { gigabytes: 0.25, seconds: 0.005 };
  return [
    line('Lambda', 'lambdaRequest', requests),
    line('Lambda', 'lambdaArm', requests * run.gigabytes * run.seconds),
  ];
}

/** What AWS serves to CloudFront costs nothing on the way; the edge function answers to each response. */
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

/** @returns the way of all responses from the region to the internet. */
export function regionOut(service: Service, { requests }: Load): Line {
  return line(service, 'regionOut', (requests * assumed.responseBytes) / bytesPerGb);
}

/** How much one request logs, in bytes. */
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

/** Of requests that come evenly, which is when most of them are traced. */
export function tracesOf(requests: number): number {
  const first = Math.min(requests, sampling.perSecond * hoursPerMonth * 3_600);
  return first + (requests - first) * sampling.share;
}
