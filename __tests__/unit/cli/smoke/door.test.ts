import { createServer, type Server } from 'node:http';
import {
  checkDatabase,
  checkDocument,
  checkDocumentation,
  checkHealth,
  checkOrigin,
} from '../../../../cli/smoke/checks';
import { Door } from '../../../../cli/smoke/door';

/** The responses to the next requests, in order. The last one is repeated. */
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
  // The pauses between retries vary, so that many clients do not retry at the same time. Here there are no
  // pauses.
  jest.spyOn(Math, 'random').mockReturnValue(-0.5);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => {
  server.close();
});

describe('a request of a smoke test', () => {
  it.each([429, 500, 503])('is retried after a %s, which a cold start may cause', async (status) => {
    answers = [
      [status, ''],
      [status, ''],
      [200, 'warm'],
    ];
    expect(await checkHealth(door, url)).toMatchObject({ status: 200, tries: 3, fault: undefined });
    expect(asked).toEqual(['/api/v1/', '/api/v1/', '/api/v1/']);
  });

  it.each([301, 401, 404])('is not retried after a %s', async (status) => {
    answers = [[status, '']];
    expect(await checkHealth(door, url)).toMatchObject({
      status,
      tries: 1,
      fault: `answered ${status}, expected 200`,
    });
  });

  it('fails after four attempts, and says how long the last one took', async () => {
    answers = [[502, '']];
    const { tries, fault, milliseconds } = await checkHealth(door, url);
    expect({ tries, fault }).toEqual({ tries: 4, fault: 'answered 502, expected 200' });
    expect(milliseconds).toBeGreaterThanOrEqual(0);
  });

  it('that gets no response says why', async () => {
    const { status, tries, fault } = await checkHealth(door, 'http://127.0.0.1:9');
    expect({ status, tries }).toEqual({ status: undefined, tries: 4 });
    expect(fault).toMatch(/^gave no answer: ./);
  });
});

describe('the OpenAPI document', () => {
  const document = (...paths: readonly string[]) =>
    JSON.stringify({ info: { title: 'Kairos' }, paths: Object.fromEntries(paths.map((path) => [path, {}])) });

  it('is right with a title and every path that clients know', async () => {
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
    'is wrong with the content %s',
    async (text) => {
      answers = [[200, text]];
      const { result } = await checkDocument(door, url, []);
      expect(result.fault).toBe('is not an OpenAPI document with a title and paths');
    },
  );
});

it('/docs is right only if it is an HTML page', async () => {
  answers = [[200, '<!DOCTYPE html><html></html>']];
  expect((await checkDocumentation(door, url)).fault).toBeUndefined();
  answers = [[200, '{}']];
  expect((await checkDocumentation(door, url)).fault).toBe('is not an HTML page');
});

it('the API behind an edge is right if it refuses direct requests', async () => {
  answers = [[401, '']];
  expect((await checkOrigin(door, url)).fault).toBeUndefined();
  answers = [[200, '']];
  expect((await checkOrigin(door, url)).fault).toBe('answered 200, expected 401');
});

it('the database check requests its own path', async () => {
  answers = [[200, '']];
  expect((await checkDatabase(door, url)).fault).toBeUndefined();
  expect(asked).toEqual(['/api/v1/mongodb']);
});
