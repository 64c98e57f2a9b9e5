import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** @returns what a variable holds; nothing when it is empty, which a shell's `NAME= command` makes of one to be unset. */
export function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

/**
 * @returns the folder that a variable of the XDG specification names; nothing for a relative one, which by the
 * specification is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/#variables
 */
export function givenFolder(value: string | undefined): string | undefined {
  const folder = given(value);
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

/** @returns the person's own folder; the root for a user that the system does not know, as Docker has it. */
export function homeFolder(shell: Readonly<Record<string, string | undefined>>): string {
  return given(shell.HOME) ?? systemHome();
}

function systemHome(): string {
  try {
    // Of an empty HOME `homedir` makes an empty path, which would be the current folder.
    return given(homedir()) ?? userInfo().homedir;
  } catch {
    return '/'; // a container that was started by a bare number of a user
  }
}
