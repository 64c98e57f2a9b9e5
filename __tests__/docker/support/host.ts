import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run, type RunResult, type Shell } from '../../../cli/process';
import { expectSuccess } from '../../support/project';

/** A Docker daemon that was found or started. */
export interface DockerHost {
  /** The client that matches the daemon. */
  readonly client: string;
  /** The environment variables with which the client finds it. */
  readonly shell: Readonly<Record<string, string | undefined>>;
  /**
   * The arguments with which the steps of a build reach the network. A daemon that this module starts has no
   * bridge.
   */
  readonly networkArguments: readonly string[];
  /** Runs the client. @throws if it fails. */
  docker(args: readonly string[]): Promise<string>;
  /** Stops what was started. */
  stop(): Promise<void>;
}

/** @returns why the tests of this tier cannot run on this machine; undefined if they can. */
export function dockerObstacle(): string | undefined {
  if (daemonAtHand()) return undefined;
  if (process.platform !== 'linux') return 'no Docker daemon answers';
  if (process.getuid?.() !== 0) return 'no Docker daemon answers, and only root can start one';
  if (packagesInstalled()) return undefined;
  if (!existsSync('/etc/debian_version'))
    return 'no Docker daemon answers, and this is no Debian to install one on';
  if (process.env.CI || process.env.KAIROS_INSTALL_DOCKER) return undefined;
  return 'no Docker daemon answers; KAIROS_INSTALL_DOCKER=1 lets this tier install the one of Debian';
}

/** @param folder an empty folder for a daemon's data, if one must be started. */
export async function openDockerHost(folder: string): Promise<DockerHost> {
  if (daemonAtHand()) {
    return hostOf({
      client: 'docker',
      shell: process.env,
      networkArguments: [],
      stop: () => Promise.resolve(),
    });
  }
  await installPackages();
  return startDaemon(folder);
}

function daemonAtHand(): boolean {
  return (
    spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' }).status === 0
  );
}

function packagesInstalled(): boolean {
  return existsSync('/usr/sbin/dockerd') && existsSync('/usr/bin/docker-registry');
}

/** Debian's own packages. Installing them starts no service. */
async function installPackages(): Promise<void> {
  if (packagesInstalled()) return;
  const shell = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  expectSuccess(await run('apt-get', ['update', '--quiet'], { shell }));
  const packages = ['docker.io', 'docker-registry'];
  const install = ['install', '--quiet', '--yes', '--no-install-recommends', ...packages];
  expectSuccess(await run('apt-get', install, { shell }));
}

/** Without a bridge and firewall rules, so that the machine's network is not changed. */
async function startDaemon(folder: string): Promise<DockerHost> {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  writeFileSync(at('daemon.json'), '{}');
  const places = ['--config-file', at('daemon.json'), '--data-root', at('data'), '--exec-root', at('exec')];
  const socket = `unix://${at('docker.sock')}`;
  const network = [
    '--bridge',
    'none',
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--ip-masq=false',
  ];
  const child = start(
    '/usr/sbin/dockerd',
    [...places, '--pidfile', at('pid'), '--host', socket, ...network],
    at('log'),
  );
  // The package's own client has BuildKit. Another one on the path may not have it.
  const shell = { ...process.env, DOCKER_HOST: socket, DOCKER_BUILDKIT: '1' };
  const host = hostOf({
    client: '/usr/bin/docker',
    shell,
    networkArguments: ['--network', 'host'],
    stop: async () => {
      await end(child);
      spawnSync('umount', [at('exec/netns/default')], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
    },
  });
  await untilReady(child, at('log'), async () => (await run(host.client, ['info'], { shell })).code === 0);
  return host;
}

function hostOf(host: Omit<DockerHost, 'docker'>): DockerHost {
  return {
    ...host,
    docker: async (args) => expectSuccess(await clientOf(host, args)).output,
  };
}

function clientOf(
  { client, shell }: Omit<DockerHost, 'docker'>,
  args: readonly string[],
): Promise<RunResult> {
  return run(client, args, { shell });
}

/**
 * @param folder an empty folder.
 * @returns the environment variables with which the `docker` on the path is this host's client, and its
 * builds reach the network.
 */
export function commandShell({ client, shell, networkArguments }: DockerHost, folder: string): Shell {
  mkdirSync(folder, { recursive: true });
  const found = client.includes('/') ? client : expectFound(client);
  const script = [
    '#!/bin/sh',
    `[ "$1" != build ] || { shift; exec ${found} build ${networkArguments.join(' ')} "$@"; }`,
    `exec ${found} "$@"`,
  ];
  writeFileSync(join(folder, 'docker'), `${script.join('\n')}\n`, { mode: 0o755 });
  return { ...shell, PATH: `${folder}:${process.env.PATH ?? ''}` };
}

function expectFound(command: string): string {
  const { stdout } = spawnSync('which', [command], { encoding: 'utf8' });
  return stdout.trim();
}

/** A registry on this machine. */
export interface Registry {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** @param folder an empty folder for pushed images. */
export async function openRegistry(host: DockerHost, folder: string): Promise<Registry> {
  const address = `127.0.0.1:${await freePort()}`;
  const ready = async () => (await fetch(`http://${address}/v2/`).catch(() => undefined))?.ok === true;
  mkdirSync(folder, { recursive: true });
  if (existsSync('/usr/bin/docker-registry')) {
    const configuration = {
      version: '0.1',
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: address },
    };
    writeFileSync(join(folder, 'registry.yml'), JSON.stringify(configuration)); // JSON is valid YAML.
    const log = join(folder, 'log');
    const child = start('/usr/bin/docker-registry', ['serve', join(folder, 'registry.yml')], log);
    await untilReady(child, log, ready);
    return { address, stop: () => end(child) };
  }
  const container = ['run', '--detach', '--rm', '--publish', `${address}:5000`, 'registry:2'];
  const id = (await host.docker(container)).trim().split('\n').at(-1) ?? '';
  while (!(await ready())) await pause(50);
  return {
    address,
    stop: async () => {
      await host.docker(['stop', id]);
    },
  };
}

function start(command: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, 'w');
  return spawn(command, args, { stdio: ['ignore', output, output] });
}

async function untilReady(child: ChildProcess, log: string, ready: () => Promise<boolean>): Promise<void> {
  while (!(await ready())) {
    if (child.exitCode !== null) {
      throw new Error(`${child.spawnfile} ended at once:\n${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await pause(50);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port was given'));
        else resolve(address.port);
      });
    });
  });
}
