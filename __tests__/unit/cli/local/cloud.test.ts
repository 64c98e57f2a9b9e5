import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningCloud, stopCloud } from '../../../../cli/local/cloud';
import { LocalHome } from '../../../../cli/local/home';

const newHome = () => new LocalHome({ KAIROS_LOCAL_HOME: mkdtempSync(join(tmpdir(), 'kairos-home-')) });

describe('a record that is no longer true', () => {
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
    ['something that is no local cloud', () => 'hello'],
    ['the local cloud of another home', () => ({ home: '/elsewhere', process: pid() })],
    ['another process of this home', ({ folder }) => ({ home: folder, process: 1 })],
  ])('does not end a process while %s answers at its port', async (_, given) => {
    answer = given;
    home.write({ pid: pid(), port, accountId: '992382417038', region: 'eu-west-2' });

    expect(await runningCloud(home)).toBeUndefined();
    expect(await stopCloud(home)).toBe(false);
    expect(foreign.signalCode).toBeNull();
    expect(foreign.kill(0)).toBe(true);
    expect(existsSync(home.path('cloud.json'))).toBe(false);
  });

  it('is known by what its server says of itself', async () => {
    answer = ({ folder }) => ({ home: folder, process: pid() });
    const record = { pid: pid(), port, accountId: '992382417038', region: 'eu-west-2' };
    home.write(record);
    expect(await runningCloud(home)).toEqual(record);
  });
});

it.each(['', '{"pid": 12', 'null', '{"pid": "12"}'])('a record that holds %j is forgotten', async (text) => {
  const home = newHome();
  writeFileSync(home.path('cloud.json'), text);
  expect(home.read()).toBeUndefined();
  expect(await stopCloud(home)).toBe(false);
  expect(existsSync(home.path('cloud.json'))).toBe(false);
});
