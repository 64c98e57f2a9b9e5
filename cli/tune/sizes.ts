import { prices } from '../../aws/prices';
import type { Report } from './reports';

/** The measurements for one memory size. */
export interface Size {
  /** In MB. */
  readonly memory: number;
  readonly invocations: number;
  /** The duration of the handler, in milliseconds. */
  readonly duration: {
    readonly mean: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  };
  readonly coldStarts: number;
  /** The 95th percentile of the cold starts, in milliseconds. @default - there was none */
  readonly startP95?: number;
  readonly timeouts: number;
  /** The highest memory use, in MB. */
  readonly used: number;
  /** The cost of a million such invocations, in US dollars at the list price. */
  readonly costPerMillion: number;
}

const megabytesPerGb = 1024;

/**
 * @param architecture determines the price of a second.
 * @returns one entry for each size, smallest first.
 */
export function sizesOf(reports: readonly Report[], architecture: 'x86_64' | 'arm64'): readonly Size[] {
  const memories = [...new Set(reports.map(({ memory }) => memory))].sort((one, other) => one - other);
  return memories.map((size) =>
    sizeOf(
      size,
      reports.filter(({ memory }) => memory === size),
      architecture,
    ),
  );
}

function sizeOf(memory: number, reports: readonly Report[], architecture: 'x86_64' | 'arm64'): Size {
  const durations = reports.map(({ duration }) => duration);
  const starts = reports.flatMap(({ start }) => start ?? []);
  const second = prices[architecture === 'arm64' ? 'lambdaArm' : 'lambdaX86'].usd;
  const billedSeconds = mean(reports.map(({ billed }) => billed)) / 1_000;
  return {
    memory,
    invocations: reports.length,
    duration: {
      mean: mean(durations),
      p50: percentile(durations, 50),
      p95: percentile(durations, 95),
      p99: percentile(durations, 99),
    },
    coldStarts: starts.length,
    startP95: starts.length === 0 ? undefined : percentile(starts, 95),
    timeouts: reports.filter(({ timedOut }) => timedOut).length,
    used: reports.reduce((most, { used }) => Math.max(most, used), 0),
    costPerMillion:
      1_000_000 * (prices.lambdaRequest.usd + billedSeconds * (memory / megabytesPerGb) * second),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @returns the percentile of the values. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
