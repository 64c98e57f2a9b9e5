import { changesOf } from '../../../cli/pipeline/changes';
import { driftMarker, driftOf, tellDrift } from '../../../cli/pipeline/drift';
import type { GitHub } from '../../../cli/pipeline/github';
import { readPlan } from '../../../cli/pipeline/plan-json';
import type { StackPlan } from '../../../cli/pipeline/stack-plan';
import { FakeGitHub } from '../../support/fake-github';
import { permissionsOf } from '../../support/workflows';
import { planOf } from './planned';

const quiet: StackPlan = {
  format: 1,
  stack: 'kairos-dev',
  commit: 'c',
  changes: { resources: [], outputs: [] },
};
const failed: StackPlan = { format: 1, stack: 'kairos-staging', commit: 'c' };
const drifted: StackPlan = {
  format: 1,
  stack: 'kairos-prod',
  commit: 'c',
  changes: changesOf(
    readPlan(
      planOf({
        address: 'aws_lambda_function.Backend',
        actions: ['update'],
        before: { memory_size: 300 },
        after: { memory_size: 512 },
      }),
    ),
  ),
};

let fake: FakeGitHub;
let github: GitHub;

beforeEach(async () => {
  fake = new FakeGitHub(permissionsOf('drift.yml', 'issue'));
  github = await fake.start();
});

afterEach(() => {
  fake.stop();
});

describe('a nightly plan finds', () => {
  it.each([
    ['none', [quiet]],
    ['drift', [quiet, drifted]],
    ['error', [quiet, failed]],
    ['error', [drifted, failed]],
  ] as const)('%s', (outcome, plans) => {
    expect(driftOf(plans)).toBe(outcome);
  });

  it('drift if only an output differs', () => {
    const output = { path: 'version', digest: 'x', isUnknown: false, isSensitive: false };
    expect(driftOf([{ ...quiet, changes: { resources: [], outputs: [output] } }])).toBe('drift');
  });
});

describe('the issue on drift', () => {
  it('is not opened if nothing differs', async () => {
    expect(await tellDrift(github, [quiet])).toBe('no drift');
    expect(fake.issues).toEqual([]);
  });

  it('is opened with the differences, updated the next night, and closed when they are gone', async () => {
    expect(await tellDrift(github, [quiet, drifted])).toBe('drift: an issue was opened');
    expect(fake.issues[0]).toMatchObject({ title: 'The account differs from main', state: 'open' });
    expect(fake.issues[0]?.body).toContain('aws_lambda_function.Backend');

    expect(await tellDrift(github, [quiet, failed])).toBe('error: issue 1 was updated');
    expect(fake.issues[0]).toMatchObject({ title: 'The nightly plan failed', state: 'open' });
    expect(fake.issues[0]?.body).not.toContain('aws_lambda_function.Backend');

    expect(await tellDrift(github, [quiet])).toBe('no drift any more: issue 1 is closed');
    expect(fake.issues).toHaveLength(1);
    expect(fake.issues[0]?.state).toBe('closed');
  });

  it('is a new one after the last was closed', async () => {
    await tellDrift(github, [drifted]);
    await tellDrift(github, [quiet]);
    expect(await tellDrift(github, [drifted])).toBe('drift: an issue was opened');
    expect(fake.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('is never one that a person wrote', async () => {
    const own = { number: 1, title: 'Why?', body: `> ${driftMarker}`, state: 'open' };
    fake.issues.push({ ...own, user: { type: 'User' } });
    expect(await tellDrift(github, [quiet])).toBe('no drift');
    expect(fake.issues[0]).toMatchObject(own);
  });

  it('is found among more issues than GitHub lists on one page', async () => {
    for (let number = 1; number <= 120; number += 1)
      fake.issues.push({ number, title: 'x', body: 'x', state: 'open', user: { type: 'Bot' } });
    await tellDrift(github, [drifted]);
    expect(await tellDrift(github, [drifted])).toBe('drift: issue 121 was updated');
  });
});
