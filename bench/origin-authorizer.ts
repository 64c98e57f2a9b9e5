import { createHash } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { bundleFunction } from '../functions/bundle';
import recorded from '../__tests__/fixtures/authorizer-event.json';

const limitMicroseconds = 1000;
const calls = 20_000;

interface Bundle {
  handler: (event: unknown) => Promise<{ isAuthorized: boolean }>;
}

/** Measures the authorizer as it is deployed, without API keys and with prefixes to which every request is compared. */
function load(more: NodeJS.ProcessEnv): Bundle['handler'] {
  const module = { exports: {} as Bundle };
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const env = {
    KAIROS_ORIGIN_HEADER: 'x-origin-verify',
    KAIROS_ORIGIN_HASHES: `${hash(recorded.headers['x-origin-verify'])},${hash('previous')}`,
    ...more,
  };
  runInContext(
    bundleFunction('origin-authorizer'),
    createContext({ module, Buffer, process: { env }, require }),
  );
  return module.exports.handler;
}

async function measure(title: string, handler: Bundle['handler'], event: unknown): Promise<void> {
  for (let warm = 0; warm < calls / 10; warm++) {
    await handler(event);
  }
  const times: number[] = [];
  for (let call = 0; call < calls; call++) {
    const start = process.hrtime.bigint();
    await handler(event);
    times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? NaN;
  const ratio = (at(0.99) / limitMicroseconds).toFixed(4);
  console.log(
    `${title.padEnd(34)} median ${at(0.5).toFixed(1)} µs, p99 ${at(0.99).toFixed(1)} µs = ${ratio} of 1 ms`,
  );
}

async function main(): Promise<void> {
  const lock = load({});
  const keys = load({ KAIROS_API_KEY_PREFIXES: '/api/v1/partners', KAIROS_API_KEY_PARAMETERS: '/a' });
  await measure('right secret', lock, recorded);
  await measure('wrong secret', lock, {
    ...recorded,
    headers: { ...recorded.headers, 'x-origin-verify': 'wrong' },
  });
  await measure('right secret, path against prefixes', keys, recorded);
}

void main();
