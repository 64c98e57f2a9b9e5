/** @returns text as a code span, which GitHub shows literally: no mention, no link, no HTML. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}

/** @returns a row of a table. A bar ends a cell even within a code span. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Lines that belong together, and the lines around them, which are printed if any of them is. */
export interface Section {
  readonly head: readonly string[];
  readonly lines: readonly string[];
  readonly tail: readonly string[];
  /** @returns the text that replaces the lines that did not fit. */
  readonly omitted: (count: number) => string;
}

/**
 * Joins sections up to the limit. The first ones have priority.
 * @param limit in bytes of UTF-8, of which there are at least as many as characters.
 */
export function fit(sections: readonly Section[], limit: number): string {
  let text = '';
  for (const { head, lines, tail, omitted } of sections) {
    const room = limit - bytes(text);
    const frame = bytes([...head, ...tail, omitted(lines.length), ''].join('\n'));
    if (frame > room) break;
    const kept = howManyFit(lines, room - frame);
    const rest = kept < lines.length ? [omitted(lines.length - kept)] : [];
    text += `${[...head, ...lines.slice(0, kept), ...rest, ...tail].join('\n')}\n`;
  }
  return text;
}

function howManyFit(lines: readonly string[], room: number): number {
  let used = 0;
  const tooMany = lines.findIndex((line) => (used += bytes(line) + 1) > room);
  return tooMany < 0 ? lines.length : tooMany;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
