import { spawnSync } from 'node:child_process';

/** A process to measure. */
export interface Timed {
  /** The arguments of `node`. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Environment variables in addition to the shell's. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** @returns the wall time of one process, in seconds. @throws with its output if it fails. */
export function secondsOf({ args, cwd, variables }: Timed): number {
  const started = process.hrtime.bigint();
  const result = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
  if (result.status !== 0) throw new Error(`${args.join(' ')} failed: ${result.stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

/**
 * Takes each of several measurements once per round, so that other load on the machine affects all of them.
 * @returns their medians.
 */
export function mediansInTurn(rounds: number, measurements: readonly (() => number)[]): readonly number[] {
  const taken = measurements.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, measure] of measurements.entries()) taken[index]?.push(measure());
  }
  return taken.map(median);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
