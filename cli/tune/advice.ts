import { prices } from '../../aws/prices';
import type { FunctionConfiguration } from '../../config/types';
import type { Size } from './sizes';

/** A recommended change of the table, and its reason. */
export interface Advice {
  readonly why: string;
  /** A setting of `function` in config/environments.ts. @default - no change */
  readonly setting?: 'memory' | 'provisionedConcurrency' | 'timeout';
  readonly to?: number;
}

/** With fewer invocations, one cold start would decide the result of a size. */
const enough = 100;

/** Above this share of its memory, the next larger request may kill the function. */
const fullest = 0.85;

/** The accepted price of speed: a faster size is recommended if it costs at most a tenth more. */
const worth = 1.1;

/** A size that saves less than this share of the time does not count as faster. */
const noticeable = 0.9;

const coldShare = 0.01;

const largestMemory = 10_240;

type Configured = Pick<FunctionConfiguration, 'memory' | 'timeout' | 'provisionedConcurrency'>;

/** @returns what the measured sizes mean for the table's values; most urgent first. */
export function adviceFor(sizes: readonly Size[], configured: Configured): readonly Advice[] {
  const current = sizes.find(({ memory }) => memory === configured.memory);
  if (current === undefined)
    return [{ why: `nothing has run with the ${configured.memory} MB of the table; deploy, and look again` }];
  return [
    ...ofFullMemory(current),
    ...ofTimeouts(current, configured),
    ...ofSizes(sizes, current),
    ...ofColdStarts(current, configured),
  ];
}

function ofFullMemory({ memory, used }: Size): readonly Advice[] {
  if (used < fullest * memory) return [];
  return [
    {
      why: `${used} of ${memory} MB were used; the next larger request is killed`,
      setting: 'memory',
      to: Math.min(largestMemory, memory * 2),
    },
  ];
}

function ofTimeouts({ timeouts, duration }: Size, { timeout }: Configured): readonly Advice[] {
  if (timeouts === 0) return [];
  return [
    {
      why:
        `${timeouts} invocations ran into the time-out of ${timeout} s, while 95 of 100 took at most ` +
        `${Math.round(duration.p95)} ms: see what they waited for before it is raised (npx kairos logs --errors)`,
    },
  ];
}

function ofSizes(sizes: readonly Size[], current: Size): readonly Advice[] {
  const measured = sizes.filter(({ invocations }) => invocations >= enough);
  if (!measured.includes(current))
    return [
      {
        why: `${current.invocations} invocations are too few to judge ${current.memory} MB; at least ${enough} are needed`,
      },
    ];
  if (measured.length === 1) return ofOneSize(current);
  const cheapest = Math.min(...measured.map(({ costPerMillion }) => costPerMillion));
  const affordable = measured.filter(
    ({ costPerMillion, memory, used }) => costPerMillion <= cheapest * worth && used < fullest * memory,
  );
  const best = affordable.reduce<Size | undefined>(
    (chosen, size) =>
      chosen === undefined || size.duration.p95 < chosen.duration.p95 * noticeable ? size : chosen,
    undefined,
  );
  if (best === undefined) return [];
  const what = `${best.memory} MB cost ${best.costPerMillion.toFixed(2)} $ a million at ${Math.round(best.duration.p95)} ms (p95)`;
  if (best === current) return [{ why: `the table has the best of the measured sizes: ${what}` }];
  return [
    {
      why: `${what}, and the ${current.memory} MB of the table ${current.costPerMillion.toFixed(2)} $ at ${Math.round(current.duration.p95)} ms`,
      setting: 'memory',
      to: best.memory,
    },
  ];
}

/** The processor share grows with the memory, so twice the memory costs nothing if it halves the duration. */
function ofOneSize({ memory, duration }: Size): readonly Advice[] {
  if (memory * 2 > largestMemory) return [];
  return [
    {
      why:
        `only ${memory} MB were measured; to compare, deploy twice as much to staging and look again. ` +
        `It is worth it if the mean of ${Math.round(duration.mean)} ms falls to about half: more memory means more processor time, ` +
        'but the database does not get faster',
      setting: 'memory',
      to: memory * 2,
    },
  ];
}

function ofColdStarts(
  { coldStarts, invocations, memory, startP95 = 0 }: Size,
  { provisionedConcurrency }: Configured,
): readonly Advice[] {
  if (provisionedConcurrency !== undefined || invocations < enough || coldStarts < coldShare * invocations)
    return [];
  const month = (memory / 1024) * 730 * 3_600 * prices.lambdaProvisioned.usd;
  return [
    {
      why:
        `${coldStarts} of ${invocations} invocations waited for a start of up to ${Math.round(startP95)} ms (p95); ` +
        `one unit of provisioned concurrency costs ${month.toFixed(2)} $ a month`,
      setting: 'provisionedConcurrency',
      to: 1,
    },
  ];
}
