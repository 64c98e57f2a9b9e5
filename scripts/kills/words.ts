import { constants } from 'node:os';
import type { Truth } from './look';

/** The last line of a command that a signal stopped. */
export interface LastWords {
  /** The command that it says to type next. */
  readonly next?: string;
  /** What is wrong with it, in one line. @default - nothing */
  readonly fault?: string;
}

/** @returns the last line of a command, compared with AWS. */
export function lastWords(text: string, signal: NodeJS.Signals, code: number, truth: Truth): LastWords {
  const [, words = '', next] = /^stopped by \w+: (.*); next: (npx .*)$/m.exec(text) ?? [];
  const { version, digest, share, lock } = truth;
  const isRight =
    code === 128 + constants.signals[signal] &&
    words.includes(`version ${version} (${digest.slice(0, 19)}) is live in kairos-dev`) &&
    words.includes('of the requests') === share > 0 &&
    words.includes('its state is still held') === (lock !== undefined);
  if (isRight) return { next };
  return { next, fault: `exit code ${code}, last line: ${text.trim().split('\n').at(-1) ?? ''}` };
}

/** @returns the first of the named commands, without the remark after it. */
export function firstWay(named: string): string {
  return (named.split(', or ')[0] ?? '').replace(/ +\(.*\)$/, '');
}

/** @returns a command for the table, without its ids, which differ in each run. */
export function withoutIds(line: string): string {
  return line
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replace(/sha256:[0-9a-f]{64}/g, '<digest>')
    .replace(/--to \d+/, '--to <version>');
}
