import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';

/** Decides what of a folder belongs into a build context. Paths are relative to it, with slashes. */
export interface AdmissionRules {
  admitsFile(path: string): boolean;
  /** False when nothing below the folder can be admitted, so that it need not be read. */
  mayAdmitBelow(path: string): boolean;
}

/** What a backend without a `.dockerignore` would not want in its image. */
const defaults = [
  '**/__pycache__',
  '**/*.pyc',
  '**/.*_cache',
  '**/.venv',
  '**/venv',
  '**/node_modules',
  '**/tests',
  '**/test',
  '**/*.log',
  '.github',
  '.idea',
  '.vscode',
  'build',
  'dist',
];

/**
 * Never staged, whatever a `.dockerignore` says. The application would read an `.env` beside it, secrets
 * and all. The ignore file itself has done its work by then; in the context it would be applied again,
 * to the overlay too.
 */
const never = ['**/.git', '**/.env', '**/.env.*', '.dockerignore'];

/** @returns the rules of a folder's `.dockerignore`, or sensible ones where there is none. */
export function admissionRules(folder: string): AdmissionRules {
  const file = join(folder, '.dockerignore');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : defaults;
  const rules = matcher(lines);
  const forbidden = matcher(never);
  const exceptions = lines
    .map((line) => line.trim())
    .filter((line) => line.startsWith('!'))
    .map((line) => segmentsOf(line.slice(1)));
  return {
    admitsFile: (path) => !forbidden.ignores(path) && !rules.ignores(path),
    mayAdmitBelow: (path) =>
      !forbidden.ignores(path) &&
      (!rules.ignores(path) || exceptions.some((exception) => reaches(exception, segmentsOf(path)))),
  };
}

function matcher(patterns: string[]): ReturnType<typeof dockerignore> {
  // Docker distinguishes case on every system.
  return dockerignore({ ignorecase: false }).add(patterns);
}

function segmentsOf(path: string): string[] {
  return path
    .trim()
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
}

/** Whether an exception (`!a/b/c`) can match something below a folder (`a`), or the folder itself. */
function reaches(exception: readonly string[], folder: readonly string[]): boolean {
  return folder.every((segment, index) => {
    const wanted = exception[index];
    return (
      wanted === undefined ||
      exception.slice(0, index + 1).includes('**') ||
      wanted === segment ||
      /[*?[\\]/.test(wanted)
    );
  });
}
