import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { given } from './variables';

/** Whether it is an interactive terminal. A pipe and a CI system get plain lines and no prompts. */
export function isInteractive(shell: Readonly<Record<string, string | undefined>>): boolean {
  const isTerminal = process.stdout.isTTY && process.stdin.isTTY && process.stderr.isTTY;
  return isTerminal && (shell.CI ?? '') === '' && shell.TERM !== 'dumb';
}

/** Writes a line of the command's result. It is not wrapped in a pipe. */
export function print(line = ''): void {
  process.stdout.write(`${fitted(line, process.stdout.columns)}\n`);
}

/** Writes output for a program, such as a shell or a browser. It is never wrapped. */
export function printWhole(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line for a person only: progress, hints, errors. */
export function tell(line: string): void {
  process.stderr.write(`${fitted(line, process.stderr.columns)}\n`);
}

/** Writes a result as JSON, for `--json`. */
export function printJson(value: unknown): void {
  printWhole(JSON.stringify(value, undefined, 2));
}

/**
 * No colours in a pipe or in CI, where other programs search the text. `FORCE_COLOR` enables them.
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

/** Text that is not wrapped: a word, or one of our commands, which must not be split when it is copied. */
// eslint-disable-next-line no-control-regex -- what colours a command ends it
const unbroken = /(?:\S*eval )?\S*npx (?:kairos|cdktf)\b[^;,)\u001b]*[^;,)\s\u001b]\S*|\S+/g;

/** @returns a text in lines of at most `width` characters. A part that must not be wrapped can be longer. */
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
 * @param width of the terminal, in characters; undefined without a terminal: then the text is unchanged.
 * @returns a text whose long lines continue below the beginning of their last column, so that the terminal breaks no
 * word.
 */
export function fitted(text: string, width: number | undefined): string {
  if (!width) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      if (seen(line) <= width) return [line];
      // Two or more blanks separate a term and its meaning.
      const [columns = ''] = /^.*\S {2,}(?=\S)|^ */.exec(line) ?? [];
      const head = seen(columns) <= width / 2 ? columns : '';
      const indent = ' '.repeat(seen(head));
      const lines = wrapped(line.slice(head.length), width - seen(head));
      return lines.map((each, at) => (at === 0 ? head : indent) + each);
    })
    .join('\n');
}

/** The minimum width of a column, in characters. Below it, words would be broken. */
const leastColumn = 8;

/** The characters around the text of a column: a blank on each side, and a line. */
const besideColumn = 3;

/**
 * @param width of the terminal, in characters; `undefined` without a terminal.
 * @returns rows below their headings, in columns. If they are too wide, the widest are wrapped.
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

/** @returns the maximum width of each column, with the blanks around its text; undefined if all of them fit. */
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

/** @returns the number of visible characters of a text, without its colour codes. */
function seen(text: string): number {
  return stripVTControlCharacters(text).length;
}
