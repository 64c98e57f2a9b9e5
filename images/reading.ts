import { codeOf, UserError } from '../errors';

/**
 * Reads a part of a source.
 * @param shown the path for error messages.
 * @throws UserError with that path if it cannot be read.
 */
export function attempt<T>(shown: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = String(codeOf(cause) ?? cause);
    throw new UserError(
      `${shown} cannot be read (${reason}); make it readable, or name it in .dockerignore if the image does not need it`,
      { cause },
    );
  }
}
