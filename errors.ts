/**
 * An error that the user can correct. Only its message is printed, without a stack trace. It says what was wrong (value
 * and path), what was expected and what to type, and never contains a secret.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';

  constructor(message: string, options?: ErrorOptions) {
    super(visible(message), options);
  }
}

/** A value may end with a Windows line ending, which would make the terminal overwrite the beginning of the line. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    '\n\t\u001b'.includes(character) ? character : JSON.stringify(character).slice(1, -1),
  );
}

/** @returns the message of anything that was thrown, as one text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @returns the code of an operating system error, such as `ENOENT`; undefined if it has none. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** What a user can do about an error of a file: https://nodejs.org/api/errors.html#common-system-errors */
const files: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'may not be used by you; change its permissions',
  EPERM: 'may not be used by you; change its permissions',
  EROFS: 'lies on a file system that cannot be written',
  ENOSPC: 'has no space left on its disk; free some space',
  EDQUOT: 'has no space left on its disk; free some space',
  EISDIR: 'is a folder, but should be a file',
  ENOTDIR: 'has a file in the place of a folder',
  EEXIST: 'exists already',
  ENAMETOOLONG: 'is too long for a name',
  ELOOP: 'is a symbolic link to itself',
  EMFILE: 'exceeds the limit of open files; raise "ulimit -n"',
};

/** @returns the message about an error of a file or a folder; undefined for any other error. */
export function fileFaultOf(error: unknown): string | undefined {
  const code = codeOf(error);
  if (typeof code !== 'string') return undefined;
  const path = typeof error === 'object' && error !== null && 'path' in error ? error.path : undefined;
  if (typeof path === 'string') return `${path} ${files[code] ?? 'cannot be used'} (${code})`;
  return files[code] === undefined ? undefined : `a file ${files[code]} (${code})`;
}

/**
 * Runs the application. For an error that the user can correct, only the message is printed: a stack trace would scroll
 * it off the screen.
 */
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
