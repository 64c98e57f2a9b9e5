import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

const source = readFileSync(join(__dirname, '../../../functions/edge-health/handler.js'), 'utf8');

/** As CloudFront runs it, in a world of its own, with the request of a checker. */
const answered = JSON.stringify(
  runInContext(`${source}\nhandler({ request: { method: 'GET', uri: '/edge-health' } });`, createContext({})),
);

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
it('answers a health check by itself, and nobody keeps the answer', () => {
  expect(JSON.parse(answered)).toEqual({
    statusCode: 200,
    statusDescription: 'OK',
    headers: { 'cache-control': { value: 'no-store' }, 'content-type': { value: 'application/json' } },
    body: { encoding: 'text', data: '{"status":"ok"}' },
  });
});
