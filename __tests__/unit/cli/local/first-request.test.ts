import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { firstRequest } from '../../../../cli/local/first-request';

const searchSchema = z.object({ logGroupName: z.string(), startTime: z.number() });
const error = (timestamp: number, message: string) => ({
  timestamp,
  message: JSON.stringify({ level: 'ERROR', message }),
});

let server: Server;
let base = '';
/** The lines of the function's log, which the server searches as CloudWatch Logs does. */
let lines: readonly { readonly timestamp: number; readonly message: string }[] = [];
let status = 404;
/** Called when the request of a visitor arrives. */
let onRequest: () => void = () => undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.method === 'GET') {
      onRequest();
      response.writeHead(status).end('{}');
      return;
    }
    void text(request).then((body) => {
      const { startTime } = searchSchema.parse(JSON.parse(body));
      const events = lines.filter(({ timestamp }) => timestamp >= startTime);
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ events }));
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

describe('a first request that is not answered as it should be', () => {
  it('is explained by nothing that is older', async () => {
    const { status: answered, reason } = await first();
    expect(answered).toBe(404);
    expect(reason).toMatch(/^nothing in its log says why; all of it: .*npx kairos logs dev$/);
  });

  it('is explained by what was logged since, the last error first', async () => {
    onRequest = () => {
      lines = [...lines, error(Date.now(), 'another'), error(Date.now(), 'the new mistake\nwith a trace')];
    };
    expect((await first()).reason).toBe('the new mistake');
  });
});

it('needs no explanation when it is answered', async () => {
  status = 200;
  expect(await first()).toEqual({
    address: `${base}/api/v1/`,
    status: 200,
    milliseconds: expect.any(Number) as unknown,
  });
});
