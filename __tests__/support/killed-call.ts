import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { constants } from 'node:os';
import type { Shell } from '../../cli/process';
import { close, listen } from '../../scripts/faults/forward';
import { Started } from '../../scripts/kills/started';

/** The call at which a command is killed. */
export interface Kill {
  /** The operation, as `PutParameter`; without one, the method and the path. */
  readonly at: RegExp;
  /** Which of these calls. @default 1 */
  readonly count?: number;
  /** Whether AWS has done what was requested, and only its response never arrives. @default false */
  readonly done?: boolean;
}

/** A command line with its environment. */
export interface KilledCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly shell: Shell;
  readonly cwd: string;
}

/**
 * Kills a command with all its child processes at one of its calls of AWS.
 * @param target the endpoint that the calls are forwarded to. @returns the output of the command.
 * @throws with its output if it ends before the call.
 */
export async function killedAtCall(target: string, kill: Kill, killed: KilledCommand): Promise<string> {
  const { command, args, shell, cwd } = killed;
  const hold = new Hold(target, kill);
  const { server, address } = await listen((incoming, outgoing) => {
    hold.pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  try {
    const started = new Started(command, args, { ...shell, AWS_ENDPOINT_URL: address }, cwd);
    if (!(await started.reaches(() => hold.isHeld)))
      throw new Error(`the command ended before ${kill.at.source}:\n${started.text}`);
    const code = await started.endAll();
    if (code !== 128 + constants.signals.SIGKILL)
      throw new Error(`exit code ${code} of a killed command:\n${started.text}`);
    return started.text;
  } finally {
    await close(server);
  }
}

/** Forwards calls until one of them is held for ever. */
class Hold {
  isHeld = false;
  private seen = 0;

  constructor(
    private readonly target: string,
    private readonly kill: Kill,
  ) {}

  async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const isLast = this.kill.at.test(callOf(incoming, body)) && (this.seen += 1) === (this.kill.count ?? 1);
    if (isLast && this.kill.done !== true) {
      this.isHeld = true;
      return;
    }
    const answered = await this.forward(incoming, body);
    if (isLast) {
      await bodyOf(answered);
      this.isHeld = true;
      return;
    }
    outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(outgoing);
  }

  private forward({ url = '/', method, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const { host } = new URL(this.target);
    return new Promise((resolve, reject) => {
      const forwarded = request(`${this.target}${url}`, { method, headers: { ...headers, host } }, resolve);
      forwarded.on('error', reject);
      forwarded.end(body);
    });
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

/** @returns the operation of a call, of services that name it in a header or in a form. */
function callOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return (isForm ? new URLSearchParams(body.toString()).get('Action') : undefined) ?? `${method} ${url}`;
}
