import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bucketsCheck, credentialsCheck, foundationCheck } from '../../../cli/doctor/account';
import { gitHubChecks } from '../../../cli/doctor/delivery';
import { imageCheck, secretsCheck } from '../../../cli/doctor/environment';
import { providerCheck, rolesCheck } from '../../../cli/doctor/identity';
import { configuration } from '../../../config/environments';

const text = readFileSync(resolve(__dirname, '../../../docs/pipelines.md'), 'utf8').replace(/\s+/g, ' ');
const section = /## Setting it up (.*?) ## /.exec(text)?.[1] ?? '';
const steps = section.split(/ (?=\d+\. \*\*)/).slice(1);

const never = () => Promise.reject(new Error('nothing is asked'));

/** The titles of the checks of `kairos doctor`, which a reader searches for on the screen. */
const lines = [
  ...gitHubChecks({ ownerId: 11, repositoryId: 22, provider: 'make' }, configuration, { GH_TOKEN: 'any' }),
  credentialsCheck(never),
  bucketsCheck({ buckets: [], region: '', bootstrap: '', look: never }),
  foundationCheck({ stack: '', repository: '', hasState: never, hasRepository: never }),
  providerCheck({ origin: 'make', stack: '', isThere: never, hasState: never }),
  rolesCheck({ roles: [], stack: '', repositoryId: 22, trustOf: never }),
  secretsCheck({ environment: 'dev', foundation: 'kairos-foundation', wanted: [], describe: never }),
  imageCheck({ environment: 'dev', applied: never, has: never }),
].map(({ title }) => title);

describe('the setup of the pipelines', () => {
  it('has ten steps', () => {
    expect(steps.map((step) => /^\d+/.exec(step)?.[0])).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index + 1)),
    );
  });

  it.each(steps.map((step) => [/\*\*(.*?)\*\*/.exec(step)?.[1], step]))('%s has a check', (_, step = '') => {
    const check = step.split(' Check: ')[1] ?? '';
    const named = [...check.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => lines.includes(name))).not.toEqual([]);
  });

  it('contains every check about GitHub', () => {
    const missed = lines.filter((title) => !section.includes(`\`${title}\``));
    expect(missed).toEqual([]);
  });
});
