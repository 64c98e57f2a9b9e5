import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { firstRequest } from '../../../../cli/local/first-request';

const searchSchema = z.object({
  logGroupName: z.string(),
  startTime: z.number(),
  nextToken: z.string().optional(),
});
/** The number of lines in one response of the log. */
const pageSize = 3;
const error = (timestamp: number, message: string) => ({
  timestamp,
  message: JSON.stringify({ level: 'ERROR', message }),
});

let server: Server;
let base = '';
/** The lines of the function's log. The server filters them like CloudWatch Logs. */
let lines: readonly { readonly timestamp: number; readonly message: string }[] = [];
let status = 404;
/** Called when a request arrives. */
let onRequest: () => void = () => undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.method === 'GET') {
      onRequest();
      response.writeHead(status).end('{}');
      return;
    }
    void text(request).then((body) => {
      const { startTime, nextToken = '0' } = searchSchema.parse(JSON.parse(body));
      const events = lines.filter(({ timestamp }) => timestamp >= startTime);
      const next = Number(nextToken) + pageSize;
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify({
          events: events.slice(Number(nextToken), next),
          nextToken: next < events.length ? String(next) : undefined,
        }),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  lines = [error(Date.now() - 60_000, 'the old mistake')];
  onRequest = () => undefined;
  status = 404;
});

function first() {
  const shell = {
    AWS_ENDPOINT_URL: base,
    AWS_REGION: 'eu-west-2',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    KAIROS_CONNECT_TO: `api.example=${base}`,
  };
  const outputs = { url: 'https://api.example', function_log_group: '/aws/lambda/kairos-dev' };
  return firstRequest({ stack: 'kairos-dev', outputs, resources: {} }, shell);
}

describe('a first request that gets an unexpected response', () => {
  it('is not explained by older lines', async () => {
    const { status: answered, reason } = await first();
    expect(answered).toBe(404);
    expect(reason).toMatch(/^its log does not say why; the whole log: .*npx kairos logs dev$/);
  });

  it('is explained by the lines since the request, the last error first', async () => {
    onRequest = () => {
      lines = [...lines, error(Date.now(), 'another'), error(Date.now(), 'the new mistake\nwith a trace')];
    };
    expect((await first()).reason).toBe('the new mistake');
  });

  const report = (kind: string, state: string, errorType?: string) =>
    JSON.stringify({ type: `platform.${kind}`, record: { status: state, errorType } });
  const line = (level: string, message: string) => JSON.stringify({ level, message });
  it.each([
    ['a critical line', [line('CRITICAL', 'no database')], 'no database'],
    ['an error in a long log', [...Array<string>(7).fill(line('INFO', 'x')), line('ERROR', 'late')], 'late'],
    ['an error before many lines', [line('ERROR', 'early'), ...Array<string>(7).fill('x')], 'early'],
    ['plain text', ['INFO all is well', 'Error: no such table\n  at x'], 'Error: no such table'],
    [
      "Lambda's message about a time-out",
      ['2026 ee3 Task timed out after 15.00 seconds'],
      '2026 ee3 Task timed out after 15.00 seconds',
    ],
    [
      'a report',
      [report('report', 'error', 'Runtime.ExitError')],
      'an invocation of the function ended by Runtime.ExitError',
    ],
    [
      'a report of a failed start',
      [report('initReport', 'timeout')],
      'a start of the function ended by timeout',
    ],
    ['an error before a report', [line('ERROR', 'this'), report('report', 'error', 'Unhandled')], 'this'],
    ['an error next to its plain text', [line('ERROR', 'this'), 'failed as well'], 'this'],
  ])('is explained by %s', async (_, messages, reason) => {
    onRequest = () => {
      lines = messages.map((message) => ({ timestamp: Date.now(), message }));
    };
    expect((await first()).reason).toBe(reason);
  });

  it.each([
    ['a line without an error', line('INFO', 'no failures, 0 errors')],
    ['a report of a success', report('report', 'success')],
    ['nothing', ''],
  ])('is not explained by %s', async (_, message) => {
    onRequest = () => {
      lines = [{ timestamp: Date.now(), message }];
    };
    expect((await first()).reason).toMatch(/^its log does not say why/);
  });
});

it('needs no explanation if the response is right', async () => {
  status = 200;
  expect(await first()).toEqual({
    address: `${base}/api/v1/`,
    status: 200,
    milliseconds: expect.any(Number) as unknown,
  });
});
