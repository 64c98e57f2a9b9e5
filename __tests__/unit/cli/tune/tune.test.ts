import { adviceFor } from '../../../../cli/tune/advice';
import { type Report, reportIn } from '../../../../cli/tune/reports';
import { type Size, sizesOf } from '../../../../cli/tune/sizes';

/**
 * As Lambda writes it:
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report
 */
const coldStart = `{"time":"2026-10-12T00:00:15.064Z","type":"platform.report","record":{"requestId":"6d68ca91-49c9-448d-89b8-7ca3e6dc66aa","metrics":{"durationMs":60.103,"billedDurationMs":882,"memorySizeMB":256,"maxMemoryUsedMB":121,"initDurationMs":821.4},"status":"success","tracing":{"type":"X-Amzn-Trace-Id","value":"root=1-68eb;sampled=1"}}}`;
const timeOut = `{"time":"2026-10-12T00:01:15.000Z","type":"platform.report","record":{"requestId":"79b4f56e-95b1-4643-9700-2807f4e68189","metrics":{"durationMs":15000,"billedDurationMs":15000,"memorySizeMB":256,"maxMemoryUsedMB":130},"status":"timeout"}}`;

describe('a line of the function log', () => {
  it('with a report gives duration, memory and init duration', () => {
    expect(reportIn(coldStart)).toEqual({
      memory: 256,
      used: 121,
      duration: 60.103,
      billed: 882,
      start: 821.4,
      timedOut: false,
    });
  });

  it('shows an invocation that timed out', () => {
    expect(reportIn(`${timeOut}\n`)).toMatchObject({ timedOut: true, start: undefined });
  });

  it.each([
    '{"type":"platform.start","record":{"requestId":"6d68","version":"4"}}',
    '{"level":"ERROR","message":"no \\"platform.report\\" here"}',
    'REPORT RequestId: 6d68 platform.report',
    '{"type":"platform.report","record":{}}',
  ])('without a report gives nothing: %s', (line) => {
    expect(reportIn(line)).toBeUndefined();
  });
});

const reports = (count: number, more: Partial<Report> = {}): readonly Report[] =>
  Array.from({ length: count }, () => ({
    memory: 256,
    used: 120,
    duration: 100,
    billed: 100,
    timedOut: false,
    ...more,
  }));

describe('the measured memory sizes', () => {
  it('have percentiles, cold starts and the cost of a million invocations', () => {
    const [small, large] = sizesOf(
      [
        ...reports(95),
        ...reports(5, { duration: 900, billed: 1_700, start: 800, used: 140 }),
        ...reports(100, { memory: 512, duration: 50, billed: 50 }),
      ],
      'x86_64',
    );
    expect(small).toMatchObject({
      memory: 256,
      invocations: 100,
      duration: { mean: 140, p50: 100, p95: 100, p99: 900 },
      coldStarts: 5,
      startP95: 800,
      used: 140,
    });
    // 0.20 for the requests; a mean of 180 billed ms × 0.25 GB × 0.0000166667 × 1,000,000
    expect(small?.costPerMillion).toBeCloseTo(0.2 + 0.75, 4);
    // 50 ms × 0.5 GB
    expect(large?.costPerMillion).toBeCloseTo(0.2 + 0.4166675, 4);
    expect(large).toMatchObject({ memory: 512, coldStarts: 0, startP95: undefined });
  });

  it('cost less on arm64', () => {
    const [size] = sizesOf(reports(1), 'arm64');
    expect(size?.costPerMillion).toBeCloseTo(0.2 + 0.333335, 4);
  });
});

const size = (memory: number, p95: number, costPerMillion: number, more: Partial<Size> = {}): Size => ({
  memory,
  invocations: 500,
  duration: { mean: p95 / 2, p50: p95 / 2, p95, p99: p95 * 2 },
  coldStarts: 0,
  timeouts: 0,
  used: 100,
  costPerMillion,
  ...more,
});

const table = { memory: 256, timeout: 15 } as const;

describe('the advice', () => {
  it('is the faster size if it costs at most a tenth more', () => {
    expect(adviceFor([size(256, 300, 1), size(512, 140, 1.05)], table)).toEqual([
      expect.objectContaining({ setting: 'memory', to: 512 }),
    ]);
  });

  it('is no change if the faster size costs too much, or is hardly faster', () => {
    for (const larger of [size(512, 140, 1.5), size(512, 290, 1)]) {
      const [only, ...others] = adviceFor([size(256, 300, 1), larger], table);
      expect(only?.why).toContain('the table has the best');
      expect(only?.setting).toBeUndefined();
      expect(others).toEqual([]);
    }
  });

  it('is a smaller size that is as fast and cheaper', () => {
    expect(adviceFor([size(128, 310, 0.5), size(256, 300, 1)], table)).toEqual([
      expect.objectContaining({ setting: 'memory', to: 128 }),
    ]);
  });

  it('is never a size whose memory is nearly full', () => {
    const [only] = adviceFor([size(128, 310, 0.5, { used: 120 }), size(256, 300, 1)], table);
    expect(only?.setting).toBeUndefined();
  });

  it('is to measure another size if only one was measured', () => {
    const [only] = adviceFor([size(256, 300, 1)], table);
    expect(only).toMatchObject({ setting: 'memory', to: 512 });
    expect(only?.why).toContain('only 256 MB were measured');
  });

  it('is to wait for more if there are few invocations', () => {
    const [only] = adviceFor([size(256, 300, 1, { invocations: 12 })], table);
    expect(only?.why).toContain('12 invocations are too few');
    expect(only?.setting).toBeUndefined();
  });

  it('begins with memory that is nearly full', () => {
    expect(adviceFor([size(256, 300, 1, { used: 240 })], table)[0]).toMatchObject({
      setting: 'memory',
      to: 512,
    });
  });

  it('for time-outs is to check what the function waited for, not to raise the limit', () => {
    const [first] = adviceFor([size(256, 300, 1, { timeouts: 3 })], table);
    expect(first?.why).toContain('3 invocations ran into the time-out of 15 s');
    expect(first?.setting).toBeUndefined();
  });

  it('for many cold starts shows the cost of one unit of provisioned concurrency', () => {
    const cold = size(256, 300, 1, { coldStarts: 50, startP95: 2_300 });
    const found = adviceFor([cold], table).find(({ setting }) => setting === 'provisionedConcurrency');
    // 0.25 GB × 730 h × 3,600 s × 0.0000048304
    expect(found?.why).toContain('costs 3.17 $ a month');
    const kept = adviceFor([cold], { ...table, provisionedConcurrency: 1 });
    expect(kept.find(({ setting }) => setting === 'provisionedConcurrency')).toBeUndefined();
  });

  it('for a size that the table no longer has is to deploy', () => {
    expect(adviceFor([size(512, 300, 1)], table)[0]?.why).toContain('nothing has run with the 256 MB');
  });
});
