import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface MeasuredTable {
  /** Its name in the marks around it: `<!-- faults -->`. */
  readonly mark: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes a table between its marks in a document. @param document below docs/. */
export function writeTable(document: string, table: MeasuredTable): void {
  const file = resolve(__dirname, '..', 'docs', document);
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), table));
}

/** The result of a run that tests something, and is written down. */
export interface Run {
  /** Whether it tested everything, and not only what was named on the command line. */
  readonly isWhole: boolean;
  /** Whether it found nothing wrong. */
  readonly isRight: boolean;
}

/**
 * Writes the table of a run that was whole and right. Any other run leaves the table of the last such run in the
 * document.
 * @returns the exit code.
 */
export function concludeRun(
  document: string,
  table: MeasuredTable,
  { isWhole, isRight }: Run,
  write = writeTable,
): number {
  if (isWhole && isRight) write(document, table);
  return isRight ? 0 : 1;
}

/** @returns the document with the table between its marks. @throws if it has no such marks. */
export function withTable(text: string, { mark, head, rows }: MeasuredTable): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no place for the table of ${mark}`);
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return `${text.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`;
}
