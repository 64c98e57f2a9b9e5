import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Shell } from './process';
import { ps } from './ps';
import { terraformCommand } from './tools/terraform';

/**
 * @returns the Terraform processes on this machine that use the same cloud as a shell: those whose variables name its
 * endpoint, or no endpoint if the shell names none.
 */
export function terraformsOf(shell: Shell): readonly number[] {
  // Linux truncates a program's name to 15 characters.
  const names = new Set(['terraform', 'tofu', basename(terraformCommand(shell)).slice(0, 15)]);
  return ps(['-A', '-o', 'pid=,comm='])
    .split('\n')
    .flatMap((line) => {
      const [, pid, name] = /^\s*(\d+)\s+(.+?)\s*$/.exec(line) ?? [];
      if (pid === undefined || name === undefined || !names.has(basename(name).slice(0, 15))) return [];
      return isSameCloud(variablesOf(pid), shell.AWS_ENDPOINT_URL) ? [Number(pid)] : [];
    });
}

function isSameCloud(variables: string, endpoint: string | undefined): boolean {
  const [named] = variables.split(/[\0\s]/).filter((each) => each.startsWith('AWS_ENDPOINT_URL='));
  return named === (endpoint === undefined ? undefined : `AWS_ENDPOINT_URL=${endpoint}`);
}

/** @returns the environment of a process of this user; empty for another user's process and for one that has ended. */
function variablesOf(pid: string): string {
  if (process.platform !== 'linux') {
    return ps(['-E', '-ww', '-o', 'command=', '-p', pid]);
  }
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
