const hint = '(--help lists what there is)';

/**
 * @param text what the library says of a wrong argument: the error, and a line below it when a word is near another.
 * @returns it as one line, with what may have been meant, or where to look.
 */
export function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  const meant = /^(.*) \(Did you mean (.+)\?\)$/.exec(line);
  if (meant === null) return `${line} ${hint}\n`;
  return `${meant[1] ?? ''}; did you mean ${meant[2] ?? ''}?\n`;
}
