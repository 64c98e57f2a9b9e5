import fc from 'fast-check';
import { figuresLine, verdict, type VersionFigures } from '../../../../cli/release/verdict';

const figures = (more: Partial<VersionFigures> = {}): VersionFigures => ({
  invocations: 100,
  errors: 0,
  serverErrors: 0,
  ...more,
});

describe('the verdict on a canary', () => {
  it('is bad if every tenth request fails', () => {
    expect(verdict(figures({ invocations: 40, errors: 4, serverErrors: 4 }), figures())).toBe(
      '4 of its 40 requests failed (10.0 %), of the version before 0.0 %',
    );
  });

  it('counts 5xx responses of the application itself', () => {
    expect(verdict(figures({ serverErrors: 10 }), figures())).toContain('10 of its 100 requests failed');
  });

  it('accepts a single failure, which may be chance', () => {
    expect(verdict(figures({ invocations: 5, errors: 1 }), figures())).toBeUndefined();
  });

  it('accepts failures that the previous version has too', () => {
    expect(verdict(figures({ errors: 10 }), figures({ errors: 9 }))).toBeUndefined();
  });

  it('is bad if it is much slower, once there are enough requests', () => {
    const [slow, usual] = [figures({ invocations: 300, p95: 900 }), figures({ invocations: 900, p95: 50 })];
    expect(verdict(slow, usual)).toBe(
      '95 of 100 of its requests take up to 900 ms, of the version before 50 ms',
    );
    expect(verdict({ ...slow, invocations: 50 }, usual)).toBeUndefined();
    expect(verdict({ ...slow, p95: 120 }, usual)).toBeUndefined();
  });

  it.each([
    ['two failures are not chance', { invocations: 20, errors: 2 }, {}, true],
    ['twice the failure rate plus 1 % is tolerated', { errors: 3 }, { errors: 1 }, false],
    ['more than that is not', { errors: 4 }, { errors: 1 }, true],
    ['200 requests are enough', { invocations: 200, p95: 900 }, { invocations: 200, p95: 50 }, true],
    ['199 are not enough', { invocations: 199, p95: 900 }, { invocations: 200, p95: 50 }, false],
    [
      'half slower plus 100 ms is tolerated',
      { invocations: 200, p95: 250 },
      { invocations: 200, p95: 100 },
      false,
    ],
    ['slower than that is not', { invocations: 200, p95: 251 }, { invocations: 200, p95: 100 }, true],
    [
      'a missing duration is compared with a missing one',
      { invocations: 200, p95: 900 },
      { invocations: 200 },
      false,
    ],
    ['a missing duration is compared with one', { invocations: 200 }, { invocations: 200, p95: 1 }, false],
  ])('has these limits: %s', (_, canary, stable, isAgainst) => {
    expect(verdict(figures(canary), figures(stable)) !== undefined).toBe(isAgainst);
  });

  it('is never bad for a version that is as good as the previous one', () => {
    const some = fc.record({
      invocations: fc.nat({ max: 10_000 }),
      errors: fc.nat({ max: 100 }),
      serverErrors: fc.nat({ max: 100 }),
      p95: fc.double({ min: 1, max: 30_000, noNaN: true }),
    });
    fc.assert(
      fc.property(some, (same) => {
        expect(verdict(same, same)).toBeUndefined();
      }),
    );
  });
});

it.each([
  [{ invocations: 7, errors: 1, serverErrors: 2, p95: 12.6 }, '7 requests, 2 failed, p95 13 ms'],
  [{ invocations: 0 }, '0 requests, 0 failed'],
])('shows the figures in one line: %j', (given, line) => {
  expect(figuresLine(figures(given))).toBe(line);
});
