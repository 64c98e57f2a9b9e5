import { constants } from 'node:os';
import type { Truth } from './look';

/** What a command said when a signal stopped it. */
export interface LastWords {
  /** What it says is to be typed next. */
  readonly next?: string;
  /** What is wrong with it, in one line. @default - nothing */
  readonly fault?: string;
}

/** @returns what a command said last, held against what AWS says. */
export function lastWords(text: string, signal: NodeJS.Signals, code: number, truth: Truth): LastWords {
  const [, words = '', next] = /^stopped by \w+: (.*); next: (npx .*)$/m.exec(text) ?? [];
  const { version, digest, share, lock } = truth;
  const isRight =
    code === 128 + constants.signals[signal] &&
    words.includes(`version ${version} (${digest.slice(0, 19)}) is live in kairos-dev`) &&
    words.includes('of the requests') === share > 0 &&
    words.includes('its state is still held') === (lock !== undefined);
  if (isRight) return { next };
  return { next, fault: `exit code ${code}, last words: ${text.trim().split('\n').at(-1) ?? ''}` };
}

/** @returns the first of the ways that are named, without the remark behind it. */
export function firstWay(named: string): string {
  return (named.split(', or ')[0] ?? '').replace(/ +\(.*\)$/, '');
}

/** @returns a command as a table shows it: ids differ from run to run. */
export function withoutIds(line: string): string {
  return line
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replace(/sha256:[0-9a-f]{64}/g, '<digest>')
    .replace(/--to \d+/, '--to <version>');
}
