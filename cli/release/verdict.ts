/** The figures of a version since a canary began. */
export interface VersionFigures {
  /** The number of invocations. */
  readonly invocations: number;
  /** The number of invocations that failed with an error of the function. */
  readonly errors: number;
  /** The number of requests with a status of 500 or above, including the application's own responses. */
  readonly serverErrors: number;
  /** The 95th percentile of the duration, in milliseconds. @default - there were no invocations */
  readonly p95?: number;
}

/** A single failure can happen by chance, even in a good version. */
const leastFailures = 2;

/** How far the failure rate may be above that of the other version: a factor, and an additional amount. */
const tolerated = { factor: 2, more: 0.01 } as const;

/** A 95th percentile of fewer requests is the duration of single requests (10 samples above it). */
const leastForPercentile = 200;

/** How much slower the new version may be: a factor, and additional milliseconds. */
const slower = { factor: 1.5, more: 100 } as const;

/**
 * Compares a new version with the one that was live.
 * @returns what is wrong with the new version, in one line; undefined if nothing is.
 */
export function verdict(canary: VersionFigures, stable: VersionFigures): string | undefined {
  const [bad, usual] = [failureRate(canary), failureRate(stable)];
  if (failures(canary) >= leastFailures && bad > usual * tolerated.factor + tolerated.more) {
    return `${failures(canary)} of its ${canary.invocations} requests failed (${percent(bad)}), of the version before ${percent(usual)}`;
  }
  if (Math.min(canary.invocations, stable.invocations) < leastForPercentile) return undefined;
  if (canary.p95 === undefined || stable.p95 === undefined) return undefined;
  if (canary.p95 <= stable.p95 * slower.factor + slower.more) return undefined;
  return `95 of 100 of its requests take up to ${Math.round(canary.p95)} ms, of the version before ${Math.round(stable.p95)} ms`;
}

/** An error of the function is also a 5xx of the API, so the two are not added. */
function failures({ errors, serverErrors }: VersionFigures): number {
  return Math.max(errors, serverErrors);
}

function failureRate(figures: VersionFigures): number {
  const failed = failures(figures);
  return failed === 0 ? 0 : failed / Math.max(figures.invocations, failed);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** @returns figures in one line, for the progress output. */
export function figuresLine(figures: VersionFigures): string {
  const p95 = figures.p95 === undefined ? '' : `, p95 ${Math.round(figures.p95)} ms`;
  return `${figures.invocations} requests, ${failures(figures)} failed${p95}`;
}
