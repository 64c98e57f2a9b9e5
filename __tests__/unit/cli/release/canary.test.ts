import { configuration } from '../../../../config/environments';
import { namesOf } from '../../../../config/names';
import { isCanaryOn, refuseCanary } from '../../../../cli/release/canary';
import type { LiveEnvironment } from '../../../../cli/live/environment';

type Environment = Pick<LiveEnvironment, 'name' | 'names' | 'configuration'>;

const live = { version: '4', digest: `sha256:${'a'.repeat(64)}`, weights: {}, revision: '' };
const state = { serial: 1, outputs: { canary_share: 'none' } };

/** prod, with this number of environments of its function kept started. */
function prod(provisionedConcurrency?: number): Environment {
  const { environments } = configuration;
  const changed = { ...environments.prod.function, provisionedConcurrency };
  return {
    name: 'prod',
    names: namesOf('prod'),
    configuration: {
      ...configuration,
      environments: { ...environments, prod: { ...environments.prod, function: changed } },
    },
  };
}

describe('a canary', () => {
  it('can begin if one version gets every request', () => {
    expect(() => {
      refuseCanary(prod(), { live, state, asked: true });
    }).not.toThrow();
  });

  it('is refused before anything is changed if environments are kept started: they would all be the canary’s', () => {
    expect(() => {
      refuseCanary(prod(2), { live, state, asked: true });
    }).toThrow(
      /^a canary would take the provisioned concurrency away .*environments\.prod\.function\.provisionedConcurrency is 2/,
    );
  });

  it('is refused there, but a release without a canary is not', () => {
    expect(() => {
      refuseCanary(prod(2), { live, state, asked: false });
    }).not.toThrow();
  });

  it('is refused if there is no live version to compare it with', () => {
    expect(() => {
      refuseCanary(prod(), { live: undefined, state: undefined, asked: true });
    }).toThrow(/^nothing is live in kairos-prod/);
  });

  it.each([
    ['a version gets a share', { ...live, weights: { 5: 0.1 } }, state],
    ['the state would give a version a share again', live, { ...state, outputs: { canary_share: '0.1' } }],
  ])('is on while %s, and every release is refused then', (_, now, remembered) => {
    expect(isCanaryOn(now, remembered)).toBe(true);
    for (const asked of [true, false]) {
      expect(() => {
        refuseCanary(prod(), { live: now, state: remembered, asked });
      }).toThrow('end it first: npx kairos release prod --continue, or npx kairos rollback prod');
    }
  });
});
