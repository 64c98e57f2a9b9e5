import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { given } from './variables';

/** Whether somebody sits in front of it: a pipe and a CI system get plain lines and are never asked. */
export function isInteractive(shell: Readonly<Record<string, string | undefined>>): boolean {
  const isTerminal = process.stdout.isTTY && process.stdin.isTTY && process.stderr.isTTY;
  return isTerminal && (shell.CI ?? '') === '' && shell.TERM !== 'dumb';
}

/** Writes a line of the command's result: for a pipe, which may read on, as it is. */
export function print(line = ''): void {
  process.stdout.write(`${fitted(line, process.stdout.columns)}\n`);
}

/** Writes what a program reads, a shell or a browser: as it is, however narrow the terminal. */
export function printWhole(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line for the person only: progress, hints, errors. */
export function tell(line: string): void {
  process.stderr.write(`${fitted(line, process.stderr.columns)}\n`);
}

/** Writes a result as JSON, for `--json`. */
export function printJson(value: unknown): void {
  printWhole(JSON.stringify(value, undefined, 2));
}

/**
 * A pipe gets no colours, in CI neither, for what reads it looks for words; `FORCE_COLOR` asks for them.
 * https://force-color.org, https://no-color.org
 */
function hasColours(shell: Readonly<Record<string, string | undefined>>): boolean {
  return pc.isColorSupported && (process.stdout.isTTY || given(shell.FORCE_COLOR) !== undefined);
}

const colours = pc.createColors(hasColours(process.env));

/** @returns text that says what to type next. */
export function command(text: string): string {
  return colours.cyan(text);
}

export const { blue, bold, cyan, dim, green, magenta, red, yellow } = colours;

/** What is not broken: a word, and a command of ours, which would be typed in two pieces. */
// eslint-disable-next-line no-control-regex -- what colours a command ends it
const unbroken = /(?:\S*eval )?\S*npx (?:kairos|cdktf)\b[^;,)\u001b]*[^;,)\s\u001b]\S*|\S+/g;

/** @returns a text in lines of at most `width` characters; what must not be broken stays whole where it is longer. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const [word] of text.matchAll(unbroken)) {
    const last = lines.at(-1);
    if (last !== undefined && seen(last) + 1 + seen(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length === 0 ? [''] : lines;
}

/**
 * @param width of the terminal, in characters; nothing without one, and the text stays as it is.
 * @returns a text whose longer lines go on below, where their last column begins, so that the terminal breaks no word.
 */
export function fitted(text: string, width: number | undefined): string {
  if (!width) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      if (seen(line) <= width) return [line];
      // A term and what it means stand apart by two blanks or more.
      const [columns = ''] = /^.*\S {2,}(?=\S)|^ */.exec(line) ?? [];
      const head = seen(columns) <= width / 2 ? columns : '';
      const indent = ' '.repeat(seen(head));
      const lines = wrapped(line.slice(head.length), width - seen(head));
      return lines.map((each, at) => (at === 0 ? head : indent) + each);
    })
    .join('\n');
}

/** Of a column, in characters: below it words would be cut into pieces. */
const leastColumn = 8;

/** What stands beside the text of a column: a blank on either side, and a line. */
const besideColumn = 3;

/**
 * @param width of the terminal, in characters; `undefined` without one.
 * @returns rows below their headings, in columns; where they are too wide, the widest ones go on below.
 */
export async function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined = process.stdout.columns,
): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const style = { head: [], border: [], compact: true };
  const widths = fittedColumns([head, ...rows], width);
  const words = [head, ...rows].flatMap((row) =>
    row.flatMap((text, at) => text.split(' ').map((word) => ({ word, at }))),
  );
  const lines =
    widths === undefined
      ? new Table({ head: [...head], style })
      : new Table({
          head: [...head],
          style,
          colWidths: widths.map((each) => each + besideColumn - 1),
          wordWrap: true,
          wrapOnWordBoundary: words.every(({ word, at }) => seen(word) <= (widths[at] ?? 0)),
        });
  lines.push(...rows.map((row) => [...row]));
  return lines.toString();
}

/** @returns how wide each column may be, with the blanks beside its text, or nothing where all of them fit. */
function fittedColumns(
  rows: readonly (readonly string[])[],
  width: number | undefined,
): number[] | undefined {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => seen(row[at] ?? ''))));
  const tooWide = () => widths.reduce((sum, each) => sum + each + besideColumn, 1) > (width ?? Infinity);
  if (!tooWide()) return undefined;
  while (tooWide() && Math.max(...widths) > leastColumn) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** @returns how many characters of a text are seen: what colours it is not. */
function seen(text: string): number {
  return stripVTControlCharacters(text).length;
}
