/**
 * Something the person at the keyboard can mend: its message is all that is printed, without a stack trace. It says
 * what was wrong (value and path), what would be right and what to type, and never carries a secret.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';

  constructor(message: string, options?: ErrorOptions) {
    super(visible(message), options);
  }
}

/** A value may end in a line end of Windows, which would have the rest of the line written over its beginning. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    '\n\t\u001b'.includes(character) ? character : JSON.stringify(character).slice(1, -1),
  );
}

/** @returns what went wrong as one text, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @returns the code of an error of the operating system, `ENOENT` and the like, or nothing when it has none. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** What a person can do about an error of a file: https://nodejs.org/api/errors.html#common-system-errors */
const files: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'may not be used by you; change its permissions',
  EPERM: 'may not be used by you; change its permissions',
  EROFS: 'lies on a file system that cannot be written',
  ENOSPC: 'has no space left on its disk; make room',
  EDQUOT: 'has no space left on its disk; make room',
  EISDIR: 'is a folder, and a file is meant',
  ENOTDIR: 'has a file where a folder is meant',
  EEXIST: 'exists already',
  ENAMETOOLONG: 'is too long for a name',
  ELOOP: 'is a symbolic link to itself',
  EMFILE: 'is one open file too many; raise "ulimit -n"',
};

/** @returns what a person is told of an error that a file or a folder has caused; nothing of any other. */
export function fileFaultOf(error: unknown): string | undefined {
  const code = codeOf(error);
  if (typeof code !== 'string') return undefined;
  const path = typeof error === 'object' && error !== null && 'path' in error ? error.path : undefined;
  if (typeof path === 'string') return `${path} ${files[code] ?? 'cannot be used'} (${code})`;
  return files[code] === undefined ? undefined : `a file ${files[code]} (${code})`;
}

/** Runs the application; what a person can mend is printed alone: a stack trace would push it off the screen. */
export function reportUserErrors(application: () => void): void {
  try {
    application();
  } catch (error) {
    const message = error instanceof UserError ? error.message : fileFaultOf(error);
    if (message === undefined) throw error;
    console.error(message);
    process.exitCode = 1;
  }
}
