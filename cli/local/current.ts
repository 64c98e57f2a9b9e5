import type { Shell } from '../process';
import { runningCloud } from './cloud';
import { LocalHome } from './home';
import { endpointOf } from './server';

/** @returns the home of the local cloud that a shell points to; undefined if it points elsewhere. */
export async function localHomeOf(shell: Shell): Promise<LocalHome | undefined> {
  if (!shell.AWS_ENDPOINT_URL) return undefined;
  const home = new LocalHome(shell);
  const cloud = await runningCloud(home);
  return cloud !== undefined && endpointOf(cloud) === shell.AWS_ENDPOINT_URL ? home : undefined;
}
