import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/**
 * @returns the value of a variable; undefined if it is empty, because a shell's `NAME= command` sets it to an empty
 * value.
 */
export function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

/**
 * @returns the folder in an XDG variable; undefined if the path is relative, because the specification says to ignore
 * it: https://specifications.freedesktop.org/basedir-spec/latest/#variables
 */
export function givenFolder(value: string | undefined): string | undefined {
  const folder = given(value);
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

/** @returns the user's home directory; the root for a user that is not in the system's user database, as in Docker. */
export function homeFolder(shell: Readonly<Record<string, string | undefined>>): string {
  return given(shell.HOME) ?? systemHome();
}

function systemHome(): string {
  try {
    // If HOME is empty, `homedir` returns an empty path, which would be the current folder.
    return given(homedir()) ?? userInfo().homedir;
  } catch {
    return '/'; // a container that was started with the number of a user
  }
}
