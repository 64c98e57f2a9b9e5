const hint = '(--help lists what there is)';

/**
 * @param text the library's message about a wrong argument: the error, and a second line with a suggestion if there is
 * a similar word.
 * @returns it as one line, with the suggestion or with where to look.
 */
export function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  const meant = /^(.*) \(Did you mean (.+)\?\)$/.exec(line);
  if (meant === null) return `${line} ${hint}\n`;
  return `${meant[1] ?? ''}; did you mean ${meant[2] ?? ''}?\n`;
}
