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

/** Runs the application; what a person can mend is printed alone: a stack trace would push it off the screen. */
export function reportUserErrors(application: () => void): void {
  try {
    application();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
