import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { DockerHost } from './host';
import { type Outcome, RuntimeApi } from './runtime-api';

export interface FunctionRun {
  /** The responses of the function to each event, in order. */
  readonly outcomes: readonly Outcome[];
  /** The complete log. */
  readonly log: string;
}

/**
 * Runs an image like Lambda does: a read-only file system except /tmp, no root, no capabilities, little
 * memory.
 * @param events the events, one after the other.
 * @param answered is called with the container's name after each response, while the function waits.
 */
export async function runFunction(
  host: DockerHost,
  image: string,
  variables: Readonly<Record<string, string>>,
  events: readonly unknown[],
  answered: (container: string) => Promise<void> = () => Promise.resolve(),
): Promise<FunctionRun> {
  const api = await RuntimeApi.open();
  const confined = [
    '--read-only',
    '--tmpfs',
    '/tmp',
    '--user',
    '993:990',
    '--cap-drop',
    'ALL',
    '--memory',
    '256m',
  ];
  const given = { ...variables, AWS_LAMBDA_RUNTIME_API: api.address };
  const environment = Object.entries(given).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const name = `kairos-test-${api.address.replace(/\D/g, '-')}`;
  const named = ['run', '--rm', '--name', name, '--network', 'host'];
  const child = spawn(host.client, [...named, ...confined, ...environment, image], {
    env: { ...host.shell },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const log = () => Buffer.concat(chunks).toString('utf8');
  // Does not wait for its exit: the output arrives through the daemon, and may arrive later than the
  // response.
  const ended = once(child, 'close');
  const outcomes: Outcome[] = [];
  try {
    for (const event of events) {
      const gone = ended.then(() => Promise.reject(new Error(`the function ended by itself:\n${log()}`)));
      const outcome = await Promise.race([api.invoke(event), gone]);
      gone.catch(() => undefined);
      outcomes.push(outcome);
      if (outcome.kind === 'init-error') break;
      await answered(name);
    }
  } finally {
    api.close(); // The runtime ends when nobody answers it any more.
    await ended;
  }
  return { outcomes, log: log() };
}
