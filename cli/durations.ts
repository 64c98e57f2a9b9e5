import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * @param text what was typed: `90s`, `10m`, `1h`, `2d`, or a number of seconds.
 * @returns seconds.
 * @throws InvalidArgumentError, which shows the right format.
 */
export function parseDuration(text: string): number {
  const [, number, unit] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  if (number === undefined)
    throw new InvalidArgumentError(
      `"${text}" is not a duration; expected a number and its unit, such as 90s, 10m, 1h or 2d.`,
    );
  return Number(number) * (units[unit === '' ? 's' : (unit ?? 's')] ?? 1);
}
