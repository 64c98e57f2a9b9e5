import { createServer, type Server } from 'node:http';
import { faultAnswer, seededRandom } from '../../../scripts/faults/faults';
import { FaultyProxy } from '../../../scripts/faults/proxy';

describe('the response of a failing service', () => {
  it.each([
    ['throttled', 400, 'ThrottlingException'],
    ['500', 500, 'InternalServerError'],
    ['503', 503, 'ServiceUnavailable'],
  ] as const)('is JSON if the service uses it: %s', (kind, status, code) => {
    const answer = faultAnswer(kind, '/', { 'x-amz-target': 'AmazonSSM.GetParameter' });
    expect(answer?.status).toBe(status);
    expect(answer?.headers['x-amzn-errortype']).toBe(code);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ __type: code });
  });

  it('is XML with a root element if a form was sent', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = faultAnswer('throttled', '/', headers);
    expect(answer).toMatchObject({ status: 400 });
    expect(answer?.body).toMatch(/^<ErrorResponse><Error><Code>ThrottlingException</);
  });

  it("has S3's own error code for too many calls", () => {
    const answer = faultAnswer('throttled', '/bucket/key', {});
    expect(answer).toMatchObject({ status: 503 });
    expect(answer?.body).toMatch(/^<Error><Code>SlowDown</);
  });

  it.each(['reset', 'slow'] as const)('is undefined for the call %s', (kind) => {
    expect(faultAnswer(kind, '/', {})).toBeUndefined();
  });
});

describe('the random faults', () => {
  it('are the same for the same seed, and others for another seed', () => {
    const draw = (seed: number) => Array.from({ length: 20 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(8)).not.toEqual(draw(7));
  });

  it('are about as many as requested', () => {
    const drawn = Array.from({ length: 10_000 }, seededRandom(7));
    const share = drawn.filter((each) => each < 0.1).length / drawn.length;
    expect(share).toBeCloseTo(0.1, 1);
  });
});

describe('the proxy', () => {
  let target: Server;
  let address: string;
  beforeAll(async () => {
    target = createServer((incoming, outgoing) => {
      outgoing.writeHead(201).end(`${incoming.method} ${incoming.url}`);
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const bound = target.address();
    address = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : '';
  });
  afterAll(() => target.close());

  const through = async (share: number, kind: '500' | 'reset' | 'slow', path = '/a?b=c') => {
    const proxy = await FaultyProxy.start({ target: address, kind, share, seed: 1, slowness: 1 });
    try {
      const answer = await fetch(`${proxy.address}${path}`);
      return { status: answer.status, text: await answer.text(), faults: proxy.faults };
    } finally {
      await proxy.stop();
    }
  };

  it('passes on calls that do not fail', async () => {
    expect(await through(0, '500')).toEqual({ status: 201, text: 'GET /a?b=c', faults: 0 });
  });

  it('responds instead of AWS', async () => {
    expect(await through(1, '500')).toMatchObject({ status: 500, faults: 1 });
  });

  it('closes the connection', async () => {
    await expect(through(1, 'reset')).rejects.toThrow('fetch failed');
  });

  it('passes on slow calls', async () => {
    expect(await through(1, 'slow')).toMatchObject({ status: 201, faults: 1 });
  });
});
