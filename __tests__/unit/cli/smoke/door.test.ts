import { createServer, type Server } from 'node:http';
import {
  checkDatabase,
  checkDocument,
  checkDocumentation,
  checkHealth,
  checkOrigin,
} from '../../../../cli/smoke/checks';
import { Door } from '../../../../cli/smoke/door';

/** What the next requests get, one after the other; the last one stays. */
let answers: readonly (readonly [status: number, body: string])[] = [];
let asked: string[] = [];
let server: Server;
let url = '';
let door: Door;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const [status, body] = answers[Math.min(asked.length, answers.length) - 1] ?? [500, ''];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  door = await Door.open({});
});
beforeEach(() => {
  asked = [];
  // The pauses between two tries vary, so that many who wait do not come back at once: here there are none.
  jest.spyOn(Math, 'random').mockReturnValue(-0.5);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => {
  server.close();
});

describe('a request of a smoke test', () => {
  it.each([429, 500, 503])('is made again after a %s: a cold start may be behind it', async (status) => {
    answers = [
      [status, ''],
      [status, ''],
      [200, 'warm'],
    ];
    expect(await checkHealth(door, url)).toMatchObject({ status: 200, tries: 3, fault: undefined });
    expect(asked).toEqual(['/api/v1/', '/api/v1/', '/api/v1/']);
  });

  it.each([301, 401, 404])('is not made again after a %s', async (status) => {
    answers = [[status, '']];
    expect(await checkHealth(door, url)).toMatchObject({
      status,
      tries: 1,
      fault: `answered ${status}, expected 200`,
    });
  });

  it('gives up after four tries, and says how long the last one took', async () => {
    answers = [[502, '']];
    const { tries, fault, milliseconds } = await checkHealth(door, url);
    expect({ tries, fault }).toEqual({ tries: 4, fault: 'answered 502, expected 200' });
    expect(milliseconds).toBeGreaterThanOrEqual(0);
  });

  it('that nobody answers says why', async () => {
    const { status, tries, fault } = await checkHealth(door, 'http://127.0.0.1:9');
    expect({ status, tries }).toEqual({ status: undefined, tries: 4 });
    expect(fault).toMatch(/^gave no answer: ./);
  });
});

describe('the OpenAPI document', () => {
  const document = (...paths: readonly string[]) =>
    JSON.stringify({ info: { title: 'Kairos' }, paths: Object.fromEntries(paths.map((path) => [path, {}])) });

  it('is right with a title and each path that clients know', async () => {
    answers = [[200, document('/a', '/b')]];
    const { result, paths } = await checkDocument(door, url, ['/a']);
    expect([result.fault, paths]).toEqual([undefined, ['/a', '/b']]);
  });

  it('is wrong without a path that clients know', async () => {
    answers = [[200, document('/b')]];
    const { result } = await checkDocument(door, url, ['/a', '/b']);
    expect(result.fault).toBe('lost /a, which the previous release had (--api-changes allows it)');
  });

  it.each(['{"paths": {}}', '{"info": {"title": ""}, "paths": {}}', '<html>'])(
    'is wrong as %s',
    async (text) => {
      answers = [[200, text]];
      const { result } = await checkDocument(door, url, []);
      expect(result.fault).toBe('is not an OpenAPI document with a title and paths');
    },
  );
});

it('/docs is right as a page for a browser alone', async () => {
  answers = [[200, '<!DOCTYPE html><html></html>']];
  expect((await checkDocumentation(door, url)).fault).toBeUndefined();
  answers = [[200, '{}']];
  expect((await checkDocumentation(door, url)).fault).toBe('is not an HTML page');
});

it('the API behind an edge is right when it refuses whoever comes past the edge', async () => {
  answers = [[401, '']];
  expect((await checkOrigin(door, url)).fault).toBeUndefined();
  answers = [[200, '']];
  expect((await checkOrigin(door, url)).fault).toBe('answered 200, expected 401');
});

it('the database is asked for at the path of its own', async () => {
  answers = [[200, '']];
  expect((await checkDatabase(door, url)).fault).toBeUndefined();
  expect(asked).toEqual(['/api/v1/mongodb']);
});
