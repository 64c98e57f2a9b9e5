import pc from 'picocolors';
import { given } from './variables';

/** Whether somebody sits in front of it: a pipe and a CI system get plain lines and are never asked. */
export function isInteractive(shell: Readonly<Record<string, string | undefined>>): boolean {
  const isTerminal = process.stdout.isTTY && process.stdin.isTTY && process.stderr.isTTY;
  return isTerminal && (shell.CI ?? '') === '' && shell.TERM !== 'dumb';
}

/** Writes a line of the command's result, which a pipe may read on. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line for the person only: progress, hints, errors. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes a result as JSON, for `--json`. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/**
 * A pipe gets no colours, in CI neither, for what reads it looks for words; `FORCE_COLOR` asks for them.
 * https://force-color.org, https://no-color.org
 */
export function hasColours(shell: Readonly<Record<string, string | undefined>>): boolean {
  return pc.isColorSupported && (process.stdout.isTTY || given(shell.FORCE_COLOR) !== undefined);
}

const colours = pc.createColors(hasColours(process.env));

/** @returns text that says what to type next. */
export function command(text: string): string {
  return colours.cyan(text);
}

export const { blue, bold, cyan, dim, green, magenta, red, yellow } = colours;

/** @returns a text in lines of at most `width` characters, broken between words; a longer word stays whole. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @returns rows below their headings, in columns. */
export async function table(head: readonly string[], rows: readonly (readonly string[])[]): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const lines = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  lines.push(...rows.map((row) => [...row]));
  return lines.toString();
}
