import fc from 'fast-check';
import { verdict, type VersionFigures } from '../../../../cli/release/verdict';

const figures = (more: Partial<VersionFigures> = {}): VersionFigures => ({
  invocations: 100,
  errors: 0,
  serverErrors: 0,
  ...more,
});

describe('the verdict on a canary', () => {
  it('is against one whose every tenth request fails', () => {
    expect(verdict(figures({ invocations: 40, errors: 4, serverErrors: 4 }), figures())).toBe(
      '4 of its 40 requests failed (10.0 %), of the version before 0.0 %',
    );
  });

  it('counts what the application itself answers with 5xx', () => {
    expect(verdict(figures({ serverErrors: 10 }), figures())).toContain('10 of its 100 requests failed');
  });

  it('lets a single failure pass, which may be chance', () => {
    expect(verdict(figures({ invocations: 5, errors: 1 }), figures())).toBeUndefined();
  });

  it('lets failures pass that the version before has as well', () => {
    expect(verdict(figures({ errors: 10 }), figures({ errors: 9 }))).toBeUndefined();
  });

  it('is against one that is much slower, once there are requests enough to tell', () => {
    const [slow, usual] = [figures({ invocations: 300, p95: 900 }), figures({ invocations: 900, p95: 50 })];
    expect(verdict(slow, usual)).toBe(
      '95 of 100 of its requests take up to 900 ms, of the version before 50 ms',
    );
    expect(verdict({ ...slow, invocations: 50 }, usual)).toBeUndefined();
    expect(verdict({ ...slow, p95: 120 }, usual)).toBeUndefined();
  });

  it('is never against a version that does as well as the one before', () => {
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
