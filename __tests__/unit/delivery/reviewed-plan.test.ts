import { findReviewedPlan } from '../../../cli/pipeline/artifacts';
import type { GitHub } from '../../../cli/pipeline/github';
import { writtenPlan } from '../../../cli/pipeline/stack-plan';
import { type FakeArtifact, FakeGitHub } from '../../support/fake-github';
import { permissionsOf } from '../../support/workflows';

const merged = '1'.repeat(40);
const reviewed = '2'.repeat(40);
const earlier = '3'.repeat(40);

let fake: FakeGitHub;
let github: GitHub;

beforeEach(async () => {
  fake = new FakeGitHub(permissionsOf('apply.yml', 'apply'));
  github = await fake.start();
  fake.pullRequests.push({ number: 5, merged_at: '2026-11-01', head: { sha: reviewed }, commit: merged });
});

afterEach(() => {
  fake.stop();
});

/** Stores a plan like the workflow of the pull request does. */
function keep(
  changed: Partial<FakeArtifact> & {
    readonly commit?: string;
    readonly stack?: string;
    readonly fork?: number;
  } = {},
): void {
  const { commit = reviewed, stack = 'kairos-dev', fork, ...artifact } = changed;
  const changes = { resources: [], outputs: [] };
  fake.artifacts.push({
    id: fake.artifacts.length + 1,
    name: `reviewed-${stack}`,
    created_at: `2026-11-0${fake.artifacts.length + 1}T00:00:00Z`,
    expired: false,
    workflow_run: { head_sha: commit, repository_id: 22, head_repository_id: fork ?? 22 },
    files: { [`${stack}.json`]: writtenPlan({ stack, commit, changes }) },
    ...artifact,
  });
}

const noPlan = 'pull request 5 has no plan of kairos-dev for its last commit 222222222222';

describe('the reviewed plan', () => {
  it('is the one for the last commit of the pull request, whatever other commits have', async () => {
    keep({ commit: earlier });
    keep();
    keep({ commit: merged });
    keep({ stack: 'kairos-prod' });
    expect(await findReviewedPlan(github, merged, 'kairos-dev')).toMatchObject({
      stack: 'kairos-dev',
      commit: reviewed,
    });
    expect(fake.requests.at(-1)).toBe('GET /actions/artifacts/2/zip');
  });

  it('is the newest one if the workflow ran twice', async () => {
    keep();
    keep();
    await findReviewedPlan(github, merged, 'kairos-dev');
    expect(fake.requests.at(-1)).toBe('GET /actions/artifacts/2/zip');
  });

  it('is undefined if the commit did not come from a pull request, or from one that was not merged', async () => {
    expect(await findReviewedPlan(github, earlier, 'kairos-dev')).toBeUndefined();
    fake.pullRequests.push({ number: 6, merged_at: null, head: { sha: reviewed }, commit: earlier });
    keep();
    expect(await findReviewedPlan(github, earlier, 'kairos-dev')).toBeUndefined();
  });

  it('is missing if only an earlier commit was planned', async () => {
    keep({ commit: earlier });
    await expect(findReviewedPlan(github, merged, 'kairos-dev')).rejects.toThrow(noPlan);
  });

  it('is never one from a fork, which can edit its own workflow', async () => {
    keep({ fork: 33 });
    await expect(findReviewedPlan(github, merged, 'kairos-dev')).rejects.toThrow(noPlan);
  });

  it('is missing if it has expired', async () => {
    keep({ expired: true });
    await expect(findReviewedPlan(github, merged, 'kairos-dev')).rejects.toThrow(noPlan);
  });

  it.each([
    ['another commit', writtenPlan({ stack: 'kairos-dev', commit: earlier })],
    ['another stack', writtenPlan({ stack: 'kairos-prod', commit: reviewed })],
  ])('is refused if its artifact has the right name, but the content is of %s', async (_, text) => {
    keep({ files: { 'kairos-dev.json': text } });
    await expect(findReviewedPlan(github, merged, 'kairos-dev')).rejects.toThrow(
      'the stored plan is not that of kairos-dev at 222222222222',
    );
  });

  it('is refused without the file, or with a file that contains no plan', async () => {
    keep({ files: { 'other.json': '{}' } });
    await expect(findReviewedPlan(github, merged, 'kairos-dev')).rejects.toThrow('the stored plan is not');
    keep({ files: { 'kairos-dev.json': '{}' } });
    await expect(findReviewedPlan(github, merged, 'kairos-dev')).rejects.toThrow(
      'reviewed-kairos-dev contains no plan of a stack',
    );
  });

  it('is an error for a commit that GitHub does not know', async () => {
    await expect(findReviewedPlan(github, 'main', 'kairos-dev')).rejects.toThrow(
      'No commit found for SHA: main',
    );
  });
});

it("a job without permission to read artifacts gets GitHub's error", async () => {
  fake.stop();
  fake = new FakeGitHub({ contents: 'read', 'pull-requests': 'read' });
  github = await fake.start();
  fake.pullRequests.push({ number: 5, merged_at: '2026-11-01', head: { sha: reviewed }, commit: merged });
  await expect(findReviewedPlan(github, merged, 'kairos-dev')).rejects.toThrow(
    'Resource not accessible by integration',
  );
});
