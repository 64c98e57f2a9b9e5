import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { plannedStacks } from '../../../cli/commands/pipeline/plan';

const root = resolve(__dirname, '../../..');
const folder = join(root, '.github', 'workflows');

const permissionsSchema = z.record(z.string(), z.enum(['read', 'write']));
const concurrencySchema = z.object({
  group: z.string(),
  'cancel-in-progress': z.boolean(),
  queue: z.string().optional(),
});
const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.union([z.string(), z.boolean()]).optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const jobSchema = z.object({
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  uses: z.string().optional(),
  environment: z.string().optional(),
  with: z.record(z.string(), z.string()).optional(),
  permissions: permissionsSchema.optional(),
  concurrency: concurrencySchema.optional(),
  strategy: z.object({ matrix: z.record(z.string(), z.array(z.unknown())) }).optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(stepSchema).optional(),
});
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: permissionsSchema,
  concurrency: concurrencySchema.optional(),
  jobs: z.record(z.string(), jobSchema),
});

const workflows = Object.fromEntries(
  readdirSync(folder).map((file) => [
    file,
    workflowSchema.parse(parse(readFileSync(join(folder, file), 'utf8'))),
  ]),
);
const names = Object.keys(workflows);

function workflow(file: string) {
  const found = workflows[file];
  if (found === undefined) throw new Error(`there is no workflow ${file}`);
  return found;
}

function jobsOf(file: string) {
  return Object.entries(workflow(file).jobs);
}

describe.each(names)('%s', (file) => {
  it('gives no permission that a job does not list', () => {
    expect(workflow(file).permissions).toEqual({});
    for (const [, job] of jobsOf(file)) expect(job.permissions?.contents).not.toBe('write');
  });

  it('has a time limit for each job', () => {
    for (const [name, job] of jobsOf(file))
      if (job.uses === undefined) expect([name, job['timeout-minutes']]).toEqual([name, expect.any(Number)]);
  });

  it('pins each action by a full commit, with the version in a comment', () => {
    const uses = readFileSync(join(folder, file), 'utf8').match(/uses: .*/g) ?? [];
    const foreign = uses.filter((line) => !line.startsWith('uses: ./'));
    expect(
      foreign.filter((line) => !/^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
    ).toEqual([]);
  });

  it('puts no text of other people into a shell', () => {
    const runs = jobsOf(file).flatMap(([, { steps = [] }]) => steps.flatMap(({ run }) => run ?? []));
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
  });

  it('stores no token in a checkout, and installs no wrapper around Terraform', () => {
    for (const [, { steps = [] }] of jobsOf(file)) {
      for (const { uses = '', with: inputs } of steps) {
        if (uses.startsWith('actions/checkout')) expect(inputs?.['persist-credentials']).toBe(false);
        if (uses.startsWith('hashicorp/setup-terraform')) expect(inputs?.terraform_wrapper).toBe(false);
      }
    }
  });

  it('contains no AWS key and no secret of the application', () => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).not.toMatch(/AWS_ACCESS_KEY|AWS_SECRET|SECRET_KEY|MONGO|RESEND/);
    expect(text.match(/secrets\.(\w+)/g) ?? []).toEqual(
      file === 'deploy.yml' ? ['secrets.KAIROS_BACKEND_TOKEN', 'secrets.KAIROS_CLIENT_TOKEN'] : [],
    );
  });

  it('assumes a role only with an identity of GitHub', () => {
    for (const [name, { steps = [], permissions }] of jobsOf(file)) {
      const assumes = steps.some(({ uses = '' }) => uses.startsWith('aws-actions/'));
      expect([name, permissions?.['id-token'] === 'write' || permissions === undefined]).toEqual([
        name,
        assumes || permissions === undefined || workflow(file).jobs[name]?.uses !== undefined,
      ]);
    }
  });
});

/**
 * Writes to the summary of its job: what was live, what is live now, how long it took, and how to undo it.
 */
const telling =
  /^(exec )?(node bin\/kairos\.js pipeline (plan|comment|apply|drift|end-canary)\b|scripts\/ci\/(image-digest|summarize|unlock|update-client)\.sh|\.ci\/(run|rest|trials)$)|GITHUB_STEP_SUMMARY/m;

it.each(names.flatMap((file) => jobsOf(file).map(([name, job]) => [file, name, job] as const)))(
  '%s %s writes a summary, or calls a workflow that does',
  (_, __, { uses, steps = [] }) => {
    const called = uses !== undefined && names.includes(uses.split('/').at(-1) ?? '');
    expect(called || steps.some(({ run = '' }) => telling.test(run))).toBe(true);
  },
);

const changing = [
  ['apply.yml', 'apply', 'kairos-${{ inputs.environment }}'],
  ['release.yml', 'release', 'kairos-${{ inputs.environment }}'],
  ['unlock.yml', 'unlock', 'kairos-${{ inputs.environment }}'],
  ['deploy.yml', 'image', 'kairos-foundation'],
  ['deploy.yml', 'client', 'kairos-prod'],
] as const;

describe.each(changing)('%s', (file, name, group) => {
  const job = workflow(file).jobs[name];

  it('waits in the queue of its environment, and is never cancelled by another run', () => {
    expect(job?.concurrency).toEqual({ group, 'cancel-in-progress': false, queue: 'max' });
  });

  it('requires the approval of its GitHub environment', () => {
    expect(job?.environment).toBe(group.replace('kairos-', ''));
  });

  it('assumes the deploy role of that environment and no other', () => {
    const [step] = (job?.steps ?? []).filter(({ uses = '' }) => uses.startsWith('aws-actions/'));
    expect(step?.with?.['role-to-assume']).toBe(
      `arn:aws:iam::\${{ vars.KAIROS_AWS_ACCOUNT_ID }}:role/${group}-deploy`,
    );
  });
});

describe('a step that changes AWS', () => {
  const steps = names.flatMap((file) => jobsOf(file).flatMap(([, { steps: all = [] }]) => all));
  const commands = steps.flatMap(({ run }) => run ?? []);

  it('gets the signal of a cancelled job directly: bash would not pass it on, and the lock would stay', () => {
    const changes = commands.filter((run) =>
      /kairos\.js (pipeline (apply|end-canary)|release|promote)|scripts\/ci\/(image|unlock)/.test(run),
    );
    expect(changes).toHaveLength(6);
    for (const run of changes) expect(run).toMatch(/^exec /);
  });

  it('does not run in a pull request', () => {
    for (const file of ['ci.yml', 'plan.yml'])
      expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(
        /-deploy\b|pull_request_target|environment:/,
      );
  });
});

describe('deploy.yml', () => {
  const { jobs } = workflow('deploy.yml');

  it.each([
    ['infrastructure-dev', 'foundation'],
    ['infrastructure-staging', 'infrastructure-dev'],
    ['infrastructure-prod', 'infrastructure-staging'],
    ['code-dev', 'image'],
    ['code-staging', 'code-dev'],
    ['code-prod', 'code-staging'],
    ['client', 'code-prod'],
  ])('runs %s after %s, and not if that failed', (name, before) => {
    expect([jobs[name]?.needs].flat()).toContain(before);
    expect(jobs[name]?.if ?? '').not.toMatch(/always|failure|cancelled/);
  });

  it.each([
    ['code-dev', { environment: 'dev', digest: '${{ needs.image.outputs.digest }}' }],
    ['code-staging', { environment: 'staging', from: 'dev' }],
    ['code-prod', { environment: 'prod', from: 'staging' }],
  ])(
    '%s gets the image that was built, or the one that is live in the previous environment',
    (name, inputs) => {
      expect(jobs[name]?.with).toEqual(inputs);
    },
  );

  it('applies infrastructure on a push, and releases code on every other event', () => {
    expect(jobs.foundation?.if).toBe("github.event_name == 'push'");
    expect(jobs.image?.if).toBe("github.event_name != 'push'");
  });
});

describe('release.yml', () => {
  const steps = workflow('release.yml').jobs.release?.steps ?? [];

  it('ends a canary that was left on, and says what is live, even if the release failed', () => {
    const always = steps.filter((step) => step.if === 'always()').map(({ run }) => run);
    expect(always).toEqual([
      'exec node bin/kairos.js pipeline end-canary "$ENVIRONMENT"',
      'scripts/ci/summarize.sh after "$ENVIRONMENT"',
    ]);
  });

  it('says what was live before it changes anything', () => {
    const runs = steps.flatMap(({ run }) => run ?? []);
    const before = runs.indexOf('scripts/ci/summarize.sh before "$ENVIRONMENT"');
    expect(before).toBeGreaterThan(0);
    expect(runs.findIndex((run) => /kairos\.js (release|promote)/.test(run))).toBe(before + 1);
  });
});

describe('plan.yml', () => {
  const { jobs } = workflow('plan.yml');

  it('makes no plan for a fork, and says so', () => {
    expect(jobs.plan?.if).toContain('!github.event.pull_request.head.repo.fork');
    expect(jobs.fork?.if).toBe('github.event.pull_request.head.repo.fork');
    expect(jobs.fork?.steps?.[0]?.run).toMatch(/no identity to the job of a fork/);
  });

  it('stores what a reviewer may see, and no plan file', () => {
    const kept = jobs.plan?.steps?.find(({ uses = '' }) => uses.startsWith('actions/upload-artifact'));
    expect(kept?.with?.path).toBe('.kairos/plans/${{ matrix.stack }}.json');
  });

  it('gives write permission only to the job that comments, and only for comments', () => {
    expect(jobs.comment?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(jobs.plan?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  });
});

describe.each(['plan.yml', 'drift.yml'])('%s', (file) => {
  const { plan } = workflow(file).jobs;

  it('plans all stacks that have plans', () => {
    expect(plan?.strategy?.matrix.stack).toEqual(plannedStacks);
  });

  it('plans them in the account of the repository, except stacks for which the matrix names another', () => {
    expect(plan?.strategy?.matrix.include).toEqual([{ stack: 'kairos-prod', account: '' }]);
    const [step] = (plan?.steps ?? []).filter(({ uses = '' }) => uses.startsWith('aws-actions/'));
    const account = '${{ matrix.account || vars.KAIROS_AWS_ACCOUNT_ID }}';
    expect(step?.with?.['role-to-assume']).toBe(`arn:aws:iam::${account}:role/\${{ matrix.stack }}-plan`);
    expect(step?.with?.['allowed-account-ids']).toBe(account);
  });
});

it('only drift.yml refreshes the foundation', () => {
  const looking = names.filter((file) =>
    jobsOf(file).some(([, { steps = [] }]) => steps.some(({ run = '' }) => run.includes('--drift'))),
  );
  expect(looking).toEqual(['drift.yml']);
});
