import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesOf } from '../../../cli/pipeline/changes';
import { commentMarker, commentOn, headlineOf } from '../../../cli/pipeline/comment';
import { readPlan } from '../../../cli/pipeline/plan-json';
import type { StackPlan } from '../../../cli/pipeline/stack-plan';
import { writtenPlan } from '../../../cli/pipeline/stack-plan';
import { planned, planOf, type PlannedResource } from './planned';

const quiet: StackPlan = {
  format: 1,
  stack: 'kairos-dev',
  commit: 'c',
  changes: { resources: [], outputs: [] },
};

/**
 * A plan of real Terraform: of this project, or of other resources if nothing in this project is replaced or
 * moved. Without the unchanged resources.
 */
function recorded(name: string): string {
  return readFileSync(join(__dirname, 'plans', `${name}.json`), 'utf8');
}

function stackPlan(stack: string, json: string): StackPlan {
  return { format: 1, stack, commit: 'c', changes: changesOf(readPlan(json)) };
}

/** Compares with a file that a person has checked. `UPDATE_GOLDEN=1` writes it again. */
function expectGolden(name: string, text: string): void {
  const file = join(__dirname, 'golden', `${name}.md`);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

const about = {
  commit: '8c1d2e3f4a5b6c7d',
  jobUrl: 'https://github.com/findkairos/kairos-infrastructure/actions/runs/1',
};

const moved: PlannedResource = {
  address: 'aws_cloudwatch_log_group.FunctionLog',
  previous_address: 'aws_cloudwatch_log_group.Log',
  actions: ['no-op'],
};
const replaced: PlannedResource = {
  address: 'aws_apigatewayv2_api.Api',
  actions: ['delete', 'create'],
  before: { name: 'kairos-prod', protocol_type: 'HTTP', id: 'a1b2' },
  after: { name: 'kairos-live', protocol_type: 'HTTP' },
  after_unknown: { id: true },
  replace_paths: [['protocol_type'], ['cors_configuration', 0, 'allow_origins']],
};
const many = Array.from({ length: 300 }, (_, index) => ({
  address: `aws_cloudwatch_metric_alarm.Alarm["number-${index}"]`,
  actions: ['update' as const],
  before: { threshold: index, period: 60 },
  after: { threshold: index + 1, period: 300 },
}));

const why = [
  'aws_iam_role.Backend: reading IAM Role: iam:GetRole is denied',
  'aws_lambda_function.Backend: Resource precondition failed: nothing was released to prod yet, so there is no image to run; type: npx kairos release prod',
];

describe('the comment on plans', () => {
  it.each([
    ['create', [stackPlan('kairos-staging', recorded('create'))]],
    ['update-of-a-secrets-revision', [stackPlan('kairos-dev', recorded('update'))]],
    ['destroy', [stackPlan('kairos-dev', recorded('destroy'))]],
    ['recorded-replace-and-move', [stackPlan('kairos-prod', recorded('replace-and-move'))]],
    ['recorded-300-changes', [stackPlan('kairos-prod', recorded('300-changes'))]],
    ['replace-and-move', [stackPlan('kairos-prod', planOf(moved, replaced))]],
    ['failed', [quiet, { format: 1, stack: 'kairos-prod', commit: 'c' } as const]],
    ['failed-and-why', [quiet, { format: 1, stack: 'kairos-prod', commit: 'c', reasons: why } as const]],
    ['no-changes', [quiet, { ...quiet, stack: 'kairos-staging' }]],
  ])('is the same as golden/%s.md', (name, plans) => {
    expectGolden(name, commentOn(plans, about));
  });

  it('of 300 changes is the same as golden/300-changes-cut.md with a limit of 6,000 characters', () => {
    const plans = [stackPlan('kairos-prod', planOf(...many, replaced))];
    expectGolden('300-changes-cut', commentOn(plans, { ...about, limit: 6_000 }));
  });

  it('says in its first line what changes, in every environment', () => {
    const plans = [quiet, { ...stackPlan('kairos-prod', planOf(...many.slice(0, 2), replaced)) }];
    expect(commentOn(plans).split('\n')[0]).toBe('dev: no changes · prod: 2 to change, 1 **replaced**');
  });

  it('says in one line that nothing changes', () => {
    expect(headlineOf([quiet, { ...quiet, stack: 'kairos-prod' }])).toBe('No changes in dev, prod.');
  });

  it('never reports a failed plan as one without changes', () => {
    const failed: StackPlan = { format: 1, stack: 'kairos-prod', commit: 'c' };
    expect(headlineOf([quiet, failed])).toBe('dev: no changes · prod: **the plan failed**');
  });

  it('names destroyed and replaced resources before everything else', () => {
    const text = commentOn([stackPlan('kairos-prod', planOf(...many, replaced))]);
    expect(text.indexOf('**replaced**: `aws_apigatewayv2_api.Api`, because of `protocol_type`')).toBeLessThan(
      text.indexOf('| update |'),
    );
    expect(text.indexOf('| **replace** |')).toBeLessThan(text.indexOf('| update |'));
  });

  it('keeps a pipe character of an address within its cell', () => {
    const [line] = commentOn([stackPlan('kairos-dev', planOf({ ...moved, address: 'a.b["x|y"]' }))])
      .split('\n')
      .filter((each) => each.startsWith('| move'));
    expect(line?.match(/(?<!\\)\|/g)).toHaveLength(4);
  });

  it('is never longer than GitHub allows, and is found again by its marker, for any plan', () => {
    fc.assert(
      fc.property(
        fc.array(planned, { maxLength: 60 }),
        fc.integer({ min: 1_000, max: 8_000 }),
        (all, limit) => {
          const text = commentOn([stackPlan('kairos-prod', planOf(...all)), quiet], { limit });
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
          expect(text).toContain(commentMarker);
          // Every open tag is closed, wherever the text was cut.
          expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
        },
      ),
    );
  });

  it('of 3,000 changes with long names is cut to 65,536 characters', () => {
    const long = many.flatMap((change) =>
      Array.from({ length: 10 }, (_, index) => ({
        ...change,
        address: `${change.address}.${'x'.repeat(99)}${index}`,
      })),
    );
    expect(commentOn([stackPlan('kairos-prod', planOf(...long))]).length).toBeLessThanOrEqual(65_536);
  });
});

describe('no value is written', () => {
  it('into the comment or the stored plan, if Terraform hides it or it is not on the list', () => {
    fc.assert(
      fc.property(fc.array(planned, { minLength: 1, maxLength: 5 }), (all) => {
        const plan = stackPlan('kairos-prod', planOf(...all));
        expect(commentOn([plan])).not.toContain('hidden-');
        expect(writtenPlan(plan)).not.toContain('hidden-');
      }),
    );
  });

  it('of a listed attribute, if Terraform calls it sensitive', () => {
    const plan = planOf({
      address: 'a.b',
      actions: ['update'],
      before: { name: 'one-value' },
      after: { name: 'another-value' },
      after_sensitive: { name: true },
    });
    const text = writtenPlan(stackPlan('kairos-prod', plan));
    expect(text).not.toContain('another-value');
    expect(text).not.toContain('one-value');
  });

  it('of the secret that CloudFront sends, or of an output, in the plan of an environment with an edge', () => {
    const plan = stackPlan('kairos-staging', recorded('create'));
    const text = commentOn([plan]) + writtenPlan(plan);
    expect(text).toContain('aws_cloudfront_distribution');
    expect(text).not.toMatch(/x-origin-verify|secrets_path` `|findkairos\.com|smtp\.resend/);
  });
});
