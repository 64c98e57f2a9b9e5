import { nextStep, whatIsLeft } from '../../../../cli/status/advice';
import { driftOf } from '../../../../cli/status/environment-status';
import type { Readings } from '../../../../cli/status/readings';

const [first, second] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];

/** Version 2 with the second image is live, applied and tested. */
function readings({
  outputs = {},
  ...more
}: Partial<Readings> & { readonly outputs?: Readonly<Record<string, string>> } = {}): Readings {
  const applied = { image_digest: second, live_version: '2', function_version: '2', canary_share: 'none' };
  return {
    live: { version: '2', digest: second, weights: {}, revision: '' },
    state: { serial: 7, outputs: { ...applied, ...outputs } },
    lock: undefined,
    record: { version: '2', digest: second, at: new Date(0), passed: true, paths: [] },
    newestDigest: second,
    ...more,
  };
}

const live = (version: string, digest: string, weights = {}) => ({ version, digest, weights, revision: '' });

describe('the next step for an environment that was never deployed', () => {
  const nothing = { ...readings(), live: undefined };

  it('is to set its secrets, and then a first release', () => {
    const set = 'npx kairos secrets set dev SECRET_KEY';
    expect(whatIsLeft('dev', nothing, set, {})).toBe(set);
    expect(whatIsLeft('dev', nothing, undefined, {})).toBe('npx kairos release dev');
  });

  it.each(['npx cdktf deploy kairos-foundation', undefined])(
    'is kairos local up if the shell points to the local cloud, whatever the secrets need: %s',
    (secrets) => {
      const shell = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
      expect(whatIsLeft('dev', nothing, secrets, shell)).toBe('npx kairos local up dev');
      expect(whatIsLeft('dev', readings(), undefined, shell)).toBeUndefined();
    },
  );
});

describe('the next step', () => {
  it('is none if everything agrees', () => {
    expect(nextStep('dev', readings())).toBeUndefined();
    expect(driftOf(readings())).toEqual([]);
  });

  it('is a first release if nothing is live', () => {
    expect(nextStep('dev', readings({ live: undefined }))).toBe('npx kairos release dev');
  });

  it('is to break the lock of a dead run first', () => {
    const lock = { id: 'ab-12', who: 'ann@host', operation: 'OperationTypeApply', since: new Date(0) };
    expect(nextStep('dev', readings({ lock }))).toContain('npx kairos unlock dev ab-12');
  });

  it('is the same release, if it was stopped before the state was written', () => {
    const ended = readings({ outputs: { image_digest: first, live_version: '1' } });
    expect(nextStep('dev', ended)).toBe(`npx kairos release dev --digest ${second}`);
    expect(driftOf(ended)[0]).toBe('the alias is at version 2, after the last apply it was at 1');
  });

  it('is to update the state after a rollback of the alias alone', () => {
    expect(nextStep('dev', readings({ live: live('1', first) }))).toBe('npx kairos rollback dev --to 1');
  });

  it('is to end a canary, in one of two ways', () => {
    const canary = readings({
      live: live('1', first, { '2': 0.1 }),
      outputs: { live_version: '1', canary_share: '0.1' },
    });
    expect(nextStep('dev', canary)).toBe('npx kairos release dev --continue, or npx kairos rollback dev');
    expect(driftOf(canary)).toEqual([]);
  });

  it('is to update the state after a canary was rolled back', () => {
    const taken = readings({ live: live('1', first), outputs: { live_version: '1', canary_share: '0.1' } });
    expect(nextStep('dev', taken)).toBe('npx kairos rollback dev --to 1');
    expect(driftOf(taken)).toEqual(['the new version gets 0 %, after the last apply it got 10 %']);
  });

  it('is the smoke test, if it was not run', () => {
    expect(nextStep('dev', readings({ record: undefined }))).toBe('npx kairos smoke dev');
  });
});

describe('drift', () => {
  it("lists changes made to the function outside of Terraform, in any order of AWS's response", () => {
    const applied = { MemorySize: 256, Timeout: 15, Environment: { Variables: { A: '1', B: '2' } } };
    const newest = { ...applied, MemorySize: 512, Environment: { Variables: { B: '2', A: '1' } } };
    expect(driftOf(readings({ newest, applied }))).toEqual([
      'changed on the function since version 2: MemorySize',
    ]);
  });
});
