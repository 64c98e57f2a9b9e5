import { runFunction } from './function';
import type { DockerHost } from './host';

/** How long a function takes from the start of its container to its first response, in milliseconds. */
export interface ColdStart {
  readonly wall: number;
  /** The processor time of all its threads, in kernel ticks of 10 ms. */
  readonly processor: number;
}

/** @returns the times of one cold start. @throws if the function does not respond. */
export async function measureColdStart(
  host: DockerHost,
  image: string,
  variables: Readonly<Record<string, string>>,
  event: object,
): Promise<ColdStart> {
  let taken: ColdStart | undefined;
  const { outcomes, log } = await runFunction(host, image, variables, [event], async (container) => {
    const answered = Date.now();
    const started = await host.docker(['inspect', '--format', '{{.State.StartedAt}}', container]);
    const { user, system } = ticksIn(await host.docker(['exec', container, 'cat', '/proc/1/stat']));
    taken = { wall: answered - Date.parse(started.trim()), processor: (user + system) * 10 };
  });
  if (taken === undefined || !outcomes[0]?.body.includes('"statusCode": 200')) {
    throw new Error(`${image} did not answer: ${outcomes[0]?.body ?? ''}\n${log}`);
  }
  return taken;
}

/**
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 14 and 15. Only the second field may
 * contain a space.
 */
function ticksIn(stat: string): { readonly user: number; readonly system: number } {
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(user), system: Number(system) };
}
