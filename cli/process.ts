import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';

export type Shell = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  /** The environment variables, all of them. */
  readonly shell: Shell;
  /** The folder to run in. @default - the current one */
  readonly cwd?: string;
  /** Called with each line of either stream, without colour. @default - nobody listens */
  readonly onLine?: (line: string) => void;
  /** A file that gets the whole output. @default - no file */
  readonly logFile?: string;
  /** Written to the command's standard input. @default - it is closed */
  readonly input?: string;
}

export interface RunResult {
  /** The exit code; 128 or more when a signal ended the command. */
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
  /** Standard output alone: what a pipe would read. */
  readonly stdout: string;
}

const children = new Set<ChildProcess>();

/**
 * Runs a command to its end.
 * @throws when the command cannot be started; an exit code other than 0 is the caller's to judge.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...options.shell },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Out of the terminal's reach: npm repeats a Ctrl-C, and Terraform takes two for "at once, whatever is lost".
    detached: true,
  });
  children.add(child);
  child.stdin.on('error', () => undefined); // a command that ends early has not read its input
  child.stdin.end(options.input ?? '');
  const log = options.logFile === undefined ? undefined : openLog(options.logFile);
  const lines: string[] = [];
  const stdout: string[] = [];
  const readers = [child.stdout, child.stderr].map(async (stream) => {
    for await (const raw of createInterface({ input: stream })) {
      const line = withoutColour(raw);
      lines.push(line);
      if (stream === child.stdout) stdout.push(line);
      log?.write(`${line}\n`);
      options.onLine?.(line);
    }
  });
  try {
    const code = await exitOf(child);
    await Promise.all(readers);
    return { code, output: lines.join('\n'), stdout: stdout.join('\n') };
  } finally {
    children.delete(child);
    log?.end();
  }
}

/**
 * Asks every command that runs now to end in order. Below cdktf it is Terraform that is asked: cdktf itself hangs up on
 * it, and the state and its lock stay as they are at that moment.
 * @returns once all have ended.
 */
export async function endAll(): Promise<void> {
  for (const { pid } of children) {
    if (pid === undefined) continue;
    const terraforms = descendantsOf(pid, 'terraform');
    for (const each of terraforms.length > 0 ? terraforms : [pid]) process.kill(each, 'SIGINT');
  }
  await Promise.all([...children].map((child) => exitOf(child)));
}

/** @returns the processes of a name that a process has started, itself or through others. */
function descendantsOf(ancestor: number, name: string): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  const all = stdout.split('\n').map((line) => {
    const [pid, parent, command] = line.trim().split(/\s+/, 3);
    return { pid: Number(pid), parent: Number(parent), name: basename(command ?? '') };
  });
  const family = new Set([ancestor]);
  for (let grown = true; grown;) {
    const before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
    grown = family.size > before;
  }
  return all.filter((each) => family.has(each.pid) && each.name === name).map(({ pid }) => pid);
}

function exitOf(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 128);
    });
  });
}

function openLog(file: string) {
  mkdirSync(dirname(file), { recursive: true });
  return createWriteStream(file);
}

function withoutColour(line: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  return line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
