import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningCloud, startCloud, stopCloud } from '../../../../cli/local/cloud';
import { LocalHome } from '../../../../cli/local/home';

const newHome = () => new LocalHome({ KAIROS_LOCAL_HOME: mkdtempSync(join(tmpdir(), 'kairos-home-')) });

describe('a record that may be outdated', () => {
  let foreign: ChildProcess;
  let server: Server;
  let answer: (home: LocalHome) => unknown;
  let home: LocalHome;
  let port: number;

  beforeEach(async () => {
    home = newHome();
    foreign = spawn('sleep', ['300']);
    server = createServer((_, response) => {
      response.end(JSON.stringify(answer(home)));
    });
    port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });

  afterEach(() => {
    foreign.kill('SIGKILL');
    server.close();
  });

  const pid = () => foreign.pid ?? 0;

  it.each<[string, (home: LocalHome) => unknown]>([
    ['a server that is not a local cloud', () => 'hello'],
    ['the local cloud of another home', () => ({ home: '/elsewhere', process: pid() })],
    ['another process of this home', ({ folder }) => ({ home: folder, process: 1 })],
  ])('does not stop its process if %s answers at its port', async (_, given) => {
    answer = given;
    home.write({ pid: pid(), port, accountId: '992382417038', region: 'eu-west-2' });

    expect(await runningCloud(home)).toBeUndefined();
    expect(await stopCloud(home)).toBe(false);
    expect(foreign.signalCode).toBeNull();
    expect(foreign.kill(0)).toBe(true);
    expect(existsSync(home.path('cloud.json'))).toBe(false);
  });

  it('is valid if its server reports the same home and process', async () => {
    answer = ({ folder }) => ({ home: folder, process: pid() });
    const record = { pid: pid(), port, accountId: '992382417038', region: 'eu-west-2' };
    home.write(record);
    expect(await runningCloud(home)).toEqual(record);
  });
});

it('a record that is a folder is named, with what to do', () => {
  const home = newHome();
  mkdirSync(home.path('cloud.json'));
  expect(() => home.read()).toThrow(
    `${home.path('cloud.json')} is a folder; expected a file with the record; remove the folder`,
  );
});

describe('an error about the port', () => {
  const start = (KAIROS_LOCAL_PORT: string) =>
    startCloud({
      home: newHome(),
      shell: { KAIROS_LOCAL_PORT },
      python: '/bin/false',
      accountId: '992382417038',
      region: 'eu-west-2',
    });

  it.each(['80x', '-1', '70000', '45 66', '0x10', '4566.5', ' '])(
    'is reported for the invalid port "%s"',
    async (port) => {
      await expect(start(port)).rejects.toThrow(
        `KAIROS_LOCAL_PORT is "${port}"; expected a port from 1024 to 65535, or nothing`,
      );
    },
  );

  it('is reported for a port that another program uses', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start(String(port))).rejects.toThrow(
      `port ${port} is taken; choose another in KAIROS_LOCAL_PORT, or none`,
    );
    other.close();
  });

  it('is not reported if the server fails for another reason', async () => {
    await expect(start('')).rejects.toThrow(/^the local cloud ended at once \(exit 1\)/);
  });
});

/** Starts a process with the command line of a server, which does not answer. */
async function silentServer({ folder }: LocalHome): Promise<ChildProcess> {
  const place = ['--port', '4999', '--account', '992382417038', '--region', 'eu-west-2', '--home', folder];
  // It prints a line once it has started. Before that it has another command line.
  const script = 'console.log(1); setInterval(() => 0, 999)';
  const server = spawn(process.execPath, ['-e', script, '--', '-m', 'emulator', ...place]);
  await once(server.stdout, 'data');
  return server;
}

describe('a server that does not answer is found by its command line', () => {
  let home: LocalHome;
  let server: ChildProcess;
  beforeEach(async () => {
    home = new LocalHome({ KAIROS_LOCAL_HOME: mkdtempSync(join(tmpdir(), 'kairos home ü')) });
    server = await silentServer(home);
  });
  afterEach(() => {
    server.kill('SIGKILL');
  });

  const record = () => ({ pid: server.pid ?? 0, port: 4999, accountId: '992382417038', region: 'eu-west-2' });

  it('if its record is lost, with any path and locale', async () => {
    const before = process.env.LC_ALL;
    process.env.LC_ALL = 'C';
    try {
      const exited = once(server, 'exit');
      expect(await stopCloud(home)).toBe(true);
      expect(await exited).toEqual([null, 'SIGTERM']);
    } finally {
      if (before === undefined) delete process.env.LC_ALL;
      else process.env.LC_ALL = before;
    }
  });

  it('if its whole home was removed, as git clean does', async () => {
    rmSync(home.folder, { recursive: true });
    expect(await runningCloud(home)).toBeUndefined();
    expect(await stopCloud(home)).toBe(true);
  });

  it('if its home is given by a symbolic link', async () => {
    const link = join(mkdtempSync(join(tmpdir(), 'kairos-links-')), 'home');
    symlinkSync(home.folder, link);
    expect(await stopCloud(new LocalHome({ KAIROS_LOCAL_HOME: link }))).toBe(true);
  });

  it('if the checkout around its home was moved', async () => {
    home.write(record());
    const moved = `${home.folder} moved`;
    renameSync(home.folder, moved);
    expect(await stopCloud(new LocalHome({ KAIROS_LOCAL_HOME: moved }))).toBe(true);
  });

  it('but not if the record is in a copy of its home', async () => {
    home.write(record());
    const copy = `${home.folder} copy`;
    cpSync(home.folder, copy, { recursive: true });
    expect(await stopCloud(new LocalHome({ KAIROS_LOCAL_HOME: copy }))).toBe(false);
    expect(server.kill(0)).toBe(true);
  });
});

it.each(['', '{"pid": 12', 'null', '{"pid": "12"}'])(
  'a record with the content %j is ignored and removed',
  async (text) => {
    const home = newHome();
    writeFileSync(home.path('cloud.json'), text);
    expect(home.read()).toBeUndefined();
    expect(await stopCloud(home)).toBe(false);
    expect(existsSync(home.path('cloud.json'))).toBe(false);
  },
);
