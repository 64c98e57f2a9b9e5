import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

const source = readFileSync(join(__dirname, '../../../functions/edge-health/handler.js'), 'utf8');

/** Runs the function like CloudFront does, in a separate context, with the request of a health checker. */
const answered = JSON.stringify(
  runInContext(`${source}\nhandler({ request: { method: 'GET', uri: '/edge-health' } });`, createContext({})),
);

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
it('answers a health check by itself, and the response is not cached', () => {
  expect(JSON.parse(answered)).toEqual({
    statusCode: 200,
    statusDescription: 'OK',
    headers: { 'cache-control': { value: 'no-store' }, 'content-type': { value: 'application/json' } },
    body: { encoding: 'text', data: '{"status":"ok"}' },
  });
});
