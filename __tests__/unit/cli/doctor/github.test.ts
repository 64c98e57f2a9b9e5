import { gitHubChecks } from '../../../../cli/doctor/delivery';
import { type CheckResult, result } from '../../../../cli/doctor/check';
import { configuration } from '../../../../config/environments';
import { placeholderIds } from '../../../../config/github';
import { FakeGitHub } from '../../../support/fake-github';

const own = { ownerId: 11, repositoryId: 22, provider: 'make' } as const;
const backend = 'findkairos/kairos-backend';

let github: FakeGitHub;

beforeEach(async () => {
  github = new FakeGitHub({});
  await github.start();
  Object.assign(github.settings, {
    '': repository(22, false),
    '/environments': {
      environments: ['foundation', 'dev', 'staging', 'prod'].map((name) => environment(name)),
    },
    '/actions/variables/KAIROS_AWS_ACCOUNT_ID': { value: configuration.accountId },
    '/actions/variables/KAIROS_AWS_REGION': { value: configuration.region },
    '/actions/variables/KAIROS_BACKEND_REPOSITORY': { value: backend },
    '/actions/secrets/KAIROS_BACKEND_TOKEN': { name: 'KAIROS_BACKEND_TOKEN' },
    '/actions/workflows/deploy.yml/runs': run('success'),
    '/actions/workflows/plan.yml/runs': run('success'),
  });
  github.others[backend] = repository(33, true);
});

afterEach(() => {
  github.stop();
});

function repository(id: number, isPrivate: boolean) {
  return { id, private: isPrivate, owner: { id: 11 } };
}

function environment(
  name: string,
  policy: unknown = { custom_branch_policies: true },
  rules: unknown[] = [],
) {
  return { name, deployment_branch_policy: policy, protection_rules: rules };
}

function run(conclusion: string | null) {
  return { workflow_runs: [{ conclusion, html_url: 'https://github.example/runs/7' }] };
}

/** @returns the findings, by the id of the check. */
async function examined(ids: Parameters<typeof gitHubChecks>[0] = own, shell = github.shell) {
  const found = await Promise.all(gitHubChecks(ids, configuration, shell).map((check) => result(check)));
  return Object.fromEntries(found.map((each) => [each.id, each])) as Record<string, CheckResult | undefined>;
}

it('finds nothing wrong in a repository that is set up', async () => {
  const found = await examined();
  expect(Object.values(found).map((each) => [each?.id, each?.state])).toEqual(
    ['ids', 'environments', 'variables', 'tokens', 'dispatches', 'plans'].map((id) => [id, 'ok']),
  );
});

describe('without a token', () => {
  it('says how to get one, and checks only the table', async () => {
    const found = await examined(own, { GITHUB_API_URL: github.shell.GITHUB_API_URL });
    expect(Object.keys(found)).toEqual(['ids', 'github']);
    expect(found.github).toMatchObject({
      state: 'unknown',
      advice: 'GH_TOKEN=$(gh auth token) npx kairos doctor',
    });
    expect(github.requests).toEqual([]);
  });

  it('still reports placeholders in the table', async () => {
    const { ids } = await examined({ ...placeholderIds, provider: 'make' }, {});
    expect(ids).toMatchObject({
      state: 'wrong',
      found: expect.stringMatching(/still the placeholder, so no job of GitHub can assume a role/) as string,
      advice: expect.stringContaining("gh api repos/OWNER/NAME --jq '.owner.id, .id'") as string,
    });
  });
});

it('the ids of another repository are wrong, and the right ones are shown', async () => {
  const { ids } = await examined({ ...own, repositoryId: 23 });
  expect(ids).toMatchObject({
    state: 'wrong',
    advice: 'github: { ownerId: 11, repositoryId: 22, … } in config/environments.ts',
  });
});

describe('environments of GitHub', () => {
  it('are named if they are missing or allow every branch', async () => {
    github.settings['/environments'] = {
      environments: [environment('foundation'), environment('dev'), environment('prod', null)],
    };
    expect((await examined()).environments).toMatchObject({
      state: 'wrong',
      found: 'staging is missing, prod allows every branch',
    });
  });

  it.each([
    [[], 'prod requires no reviewer'],
    [[{ type: 'required_reviewers' }], 'prod requires a reviewer'],
  ])('with the rules %j for prod are described', async (rules, words) => {
    github.settings['/environments'] = {
      environments: ['foundation', 'dev', 'staging', 'prod'].map((name) =>
        environment(name, { protected_branches: true }, name === 'prod' ? rules : []),
      ),
    };
    expect((await examined()).environments?.found).toContain(words);
  });
});

it('variables that are not set or differ from the table are named with what to type', async () => {
  github.settings['/actions/variables/KAIROS_AWS_REGION'] = { value: 'eu-west-1' };
  delete github.settings['/actions/variables/KAIROS_BACKEND_REPOSITORY'];
  expect((await examined()).variables).toMatchObject({
    state: 'wrong',
    found: 'KAIROS_AWS_REGION is eu-west-1, the table says eu-west-2, KAIROS_BACKEND_REPOSITORY is not set',
    advice:
      'gh variable set KAIROS_AWS_REGION --body eu-west-2; gh variable set KAIROS_BACKEND_REPOSITORY --body OWNER/NAME',
  });
});

describe('tokens', () => {
  it('are reported as missing if the backend is private', async () => {
    delete github.settings['/actions/secrets/KAIROS_BACKEND_TOKEN'];
    expect((await examined()).tokens).toMatchObject({
      state: 'wrong',
      advice: 'gh secret set KAIROS_BACKEND_TOKEN',
    });
  });

  it('are not needed for a public backend', async () => {
    delete github.settings['/actions/secrets/KAIROS_BACKEND_TOKEN'];
    github.others[backend] = repository(33, false);
    expect((await examined()).tokens).toMatchObject({
      state: 'ok',
      found: `anybody reads ${backend}; nobody is notified`,
    });
  });

  it("are reported as missing in prod if the clients' repository is to be notified", async () => {
    github.settings['/actions/variables/KAIROS_CLIENT_REPOSITORY'] = { value: 'findkairos/clients' };
    expect((await examined()).tokens?.advice).toBe('gh secret set KAIROS_CLIENT_TOKEN --env prod');
    github.settings['/environments/prod/secrets/KAIROS_CLIENT_TOKEN'] = {};
    expect((await examined()).tokens?.state).toBe('ok');
  });
});

describe('the last plan of a pull request', () => {
  it.each([
    [run('failure'), 'wrong', 'https://github.example/runs/7'],
    [run(null), 'unknown', 'https://github.example/runs/7'],
    [{ workflow_runs: [] }, 'unknown', 'docs/pipelines.md, step 10'],
  ])('with %j is %s', async (runs, state, advice) => {
    github.settings['/actions/workflows/plan.yml/runs'] = runs;
    expect((await examined()).plans).toMatchObject({ state, advice });
  });
});

it("a token without permission gives GitHub's message", async () => {
  const found = await examined(own, { ...github.shell, GITHUB_TOKEN: 'of-nobody' });
  expect(found.variables).toMatchObject({
    state: 'unknown',
    found: expect.stringMatching(/GitHub refused GET .* \(HTTP 401\)/) as string,
  });
});
