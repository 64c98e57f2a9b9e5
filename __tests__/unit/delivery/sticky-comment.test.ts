import { commentMarker, commentOn } from '../../../cli/pipeline/comment';
import { changesOf } from '../../../cli/pipeline/changes';
import { callGitHub, type GitHub, openGitHub } from '../../../cli/pipeline/github';
import { readPlan } from '../../../cli/pipeline/plan-json';
import type { StackPlan } from '../../../cli/pipeline/stack-plan';
import { writeComment } from '../../../cli/pipeline/sticky';
import { FakeGitHub, type Permissions } from '../../support/fake-github';
import { permissionsOf } from '../../support/workflows';
import { planOf } from './planned';

const started: FakeGitHub[] = [];

async function github(
  permissions: Permissions = permissionsOf('plan.yml', 'comment'),
): Promise<readonly [FakeGitHub, GitHub]> {
  const fake = new FakeGitHub(permissions);
  started.push(fake);
  return [fake, await fake.start()];
}

afterEach(() => {
  for (const fake of started.splice(0)) fake.stop();
});

describe('the comment of a pull request', () => {
  it('is written once, and updated after that', async () => {
    const [fake, job] = await github();
    expect(await writeComment(job, 7, commentMarker, `${commentMarker} one`)).toBe('written');
    expect(await writeComment(job, 7, commentMarker, `${commentMarker} two`)).toBe('changed');
    expect(fake.comments.map(({ body }) => body)).toEqual([`${commentMarker} two`]);
  });

  it('is found after a hundred other comments', async () => {
    const [fake, job] = await github();
    for (let index = 0; index < 130; index += 1) fake.comment(7, `remark ${index}`);
    fake.comment(7, `${commentMarker} old`);
    expect(await writeComment(job, 7, commentMarker, `${commentMarker} new`)).toBe('changed');
    expect(fake.comments.at(-1)?.body).toBe(`${commentMarker} new`);
    expect(fake.comments).toHaveLength(131);
  });

  it("does not change a person's comment that quotes it, nor one on another pull request", async () => {
    const [fake, job] = await github();
    fake.comment(7, `> ${commentMarker} quoted`, 'User');
    fake.comment(8, `${commentMarker} of another`);
    expect(await writeComment(job, 7, commentMarker, `${commentMarker} own`)).toBe('written');
    expect(fake.comments.map(({ body }) => body)).toEqual([
      `> ${commentMarker} quoted`,
      `${commentMarker} of another`,
      `${commentMarker} own`,
    ]);
  });

  it('is accepted by GitHub for any number of changes, and would be refused without the cut', async () => {
    const [fake, job] = await github();
    const resources = Array.from({ length: 3_000 }, (_, index) => ({
      address: `aws_thing.X["${'é'.repeat(60)}${index}"]`,
      actions: ['update' as const],
      before: { threshold: index },
      after: { threshold: index + 1 },
    }));
    const plan: StackPlan = {
      format: 1,
      stack: 'kairos-prod',
      commit: 'c',
      changes: changesOf(readPlan(planOf(...resources))),
    };
    await writeComment(job, 7, commentMarker, commentOn([plan]));
    expect(fake.comments[0]?.body).toContain(commentMarker);
    const whole = commentOn([plan], { limit: 2 ** 20 });
    await expect(writeComment(job, 7, commentMarker, whole)).rejects.toThrow(/HTTP 422.*65536 characters/);
  });

  it('needs only the permissions of its job, and a refusal is reported', async () => {
    const [, job] = await github({ contents: 'read', 'pull-requests': 'read' });
    await expect(writeComment(job, 7, commentMarker, 'text')).rejects.toThrow(
      'GitHub refused POST /issues/7/comments (HTTP 403): {"message":"Resource not accessible by integration"}',
    );
  });
});

describe('the fake GitHub refuses', () => {
  it.each([
    ['an unknown token', { token: 'another' }, 'GET', '/issues/7/comments', 401],
    ['an unknown repository', { repository: 'findkairos/other' }, 'GET', '/issues/7/comments', 404],
    ['a method that a path does not support', {}, 'PATCH', '/issues/7/comments', 404],
    ['an unknown comment', {}, 'PATCH', '/issues/comments/9', 404],
  ] as const)('%s', async (_, changed, method, path, status) => {
    const [, job] = await github();
    await expect(callGitHub({ ...job, ...changed }, method, path, undefined)).rejects.toThrow(
      `(HTTP ${status})`,
    );
  });
});

it('outside of a GitHub job, every missing variable is named', () => {
  expect(() => openGitHub({ GITHUB_API_URL: 'x', GITHUB_SERVER_URL: 'x', GITHUB_RUN_ID: '1' })).toThrow(
    /^GITHUB_REPOSITORY, GITHUB_TOKEN are not set/,
  );
});
