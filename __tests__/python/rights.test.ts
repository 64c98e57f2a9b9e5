import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ensureEmulatorPython } from '../../scripts/emulator-python';
import { run } from '../../cli/process';
import { configuration } from '../../config/environments';
import {
  type EnvironmentName,
  environmentNames,
  foundationNames,
  namesOf,
  secretNames,
  stateBucketName,
} from '../../config/names';
import { releaseMetric } from '../../aws/own-metrics';
import { type Call, plainCalls } from '../../scripts/rights/calls';
import { policiesOf, type Statement } from '../../scripts/rights/policies';
import { expectSuccess } from '../support/project';
import { synthesizedStacks } from '../support/synthesized';
import { unasked } from './rights/unasked';

const root = resolve(__dirname, '..', '..');

/** The calls of dev during its life, with the roles of its pipeline. `npm run rights` writes them. */
const calls = plainCalls(JSON.parse(readFileSync(join(__dirname, 'rights', 'calls.json'), 'utf8')));

interface Role {
  readonly statements: readonly Statement[];
  readonly calls: readonly Call[];
}

const walkSchema = z.array(
  z.object({
    refused: z.array(z.string()),
    needs: z.array(
      z.object({ sid: z.string(), action: z.string().nullable(), refused: z.array(z.string()) }),
    ),
  }),
);
type Walk = z.infer<typeof walkSchema>[number];

/** The domain of an environment, as in the recorded life of dev. */
const domainOf = (environment: EnvironmentName) => `${environment}.findkairos.com`;

/** The roles if each environment has a domain. Without one there are no permissions for domains. */
const foundation = synthesizedStacks(
  root,
  {},
  Object.fromEntries(
    environmentNames.map((name) => [
      `environments.${name}.edge`,
      {
        ...configuration.environments.prod.edge,
        domain: { name: domainOf(name), zone: 'findkairos.com' },
      },
    ]),
  ),
)['kairos-foundation'];

function statementsOf(kind: 'Plan' | 'Deploy', of: EnvironmentName | 'foundation'): readonly Statement[] {
  return policiesOf(foundation, `${kind}-${of}`).flat();
}

/**
 * The calls of the foundation during its life, with its deploy role, and of its nightly job, with its plan
 * role. `npm run rights` writes them too.
 */
const foundationCalls = plainCalls(
  JSON.parse(readFileSync(join(__dirname, 'rights', 'foundation-calls.json'), 'utf8')),
);

/** The calls of prod during its own life. `npm run rights prod` writes them. */
const prodCalls = plainCalls(JSON.parse(readFileSync(join(__dirname, 'rights', 'prod-calls.json'), 'utf8')));

/** The calls that another environment would make: the same, with its own names. */
function callsOf(kind: 'plan' | 'deploy', environment: EnvironmentName): readonly Call[] {
  const own = JSON.stringify(calls.filter(({ role }) => role === `kairos-dev-${kind}`))
    .replaceAll('kairos-dev', `kairos-${environment}`)
    .replaceAll('-dev"', `-${environment}"`)
    .replaceAll('-dev/', `-${environment}/`)
    .replaceAll('"dev"', `"${environment}"`)
    .replaceAll(domainOf('dev'), domainOf(environment));
  if (kind === 'plan') return plainCalls(JSON.parse(own));
  return [
    ...plainCalls(JSON.parse(own)),
    ...promotionTo(environment),
    markOf(environment),
    endOfName(environment),
  ];
}

/** The deletion of the record of a domain that is no longer in the table. */
function endOfName(environment: EnvironmentName): Call {
  return {
    role: namesOf(environment).deployRole,
    action: 'route53:ChangeResourceRecordSets',
    resource: 'arn:aws:route53:::hostedzone/ID',
    keys: {
      'route53:changeresourcerecordsetsactions': ['DELETE'],
      'route53:changeresourcerecordsetsnormalizedrecordnames': [`old-${domainOf(environment)}`],
      'route53:changeresourcerecordsetsrecordtypes': ['A'],
    },
  };
}

/** The call of `kairos release` that suppresses alarms. dev has no alarms. */
function markOf(environment: EnvironmentName): Call {
  const { deployRole, stack } = namesOf(environment);
  const { namespace } = releaseMetric(stack);
  return {
    role: deployRole,
    action: 'cloudwatch:PutMetricData',
    resource: '*',
    keys: { 'cloudwatch:namespace': namespace },
  };
}

/** The calls of `kairos promote` for the previous environment. dev has none. */
function promotionTo(environment: EnvironmentName): readonly Call[] {
  const before = environmentNames[environmentNames.indexOf(environment) - 1];
  if (before === undefined) return [];
  const { accountId, region } = configuration;
  const { stack, function: name, alias, smokeRecord } = namesOf(before);
  const bucket = `arn:aws:s3:::${stateBucketName(accountId, before)}`;
  const live = `arn:aws:lambda:${region}:${accountId}:function:${name}:${alias}`;
  const asked: readonly (readonly [action: string, resource: string])[] = [
    ['lambda:GetAlias', live],
    ['lambda:GetFunction', live],
    ['s3:ListBucket', bucket],
    ['s3:GetObject', `${bucket}/${stack}.tfstate`],
    ['s3:GetObject', `${bucket}/${smokeRecord}`],
  ];
  return asked.map(([action, resource]) => ({
    role: namesOf(environment).deployRole,
    action,
    resource,
    keys: {},
  }));
}

/** Evaluates the statements with the local cloud's own IAM. */
async function walk(roles: readonly Role[]): Promise<readonly Walk[]> {
  const python = await ensureEmulatorPython();
  const options = { cwd: root, shell: process.env, input: JSON.stringify(roles) };
  return walkSchema.parse(
    JSON.parse(expectSuccess(await run(python, ['-m', 'emulator.rights'], options)).stdout),
  );
}

describe.each(environmentNames)('the roles of %s', (environment) => {
  const kinds = ['Plan', 'Deploy'] as const;
  let walked: readonly Walk[] = [];

  beforeAll(async () => {
    walked = await walk(
      kinds.map((kind) => ({
        statements: statementsOf(kind, environment),
        calls: callsOf(kind === 'Plan' ? 'plan' : 'deploy', environment),
      })),
    );
  });

  it('allow every call in the life of the environment', () => {
    expect(walked.map(({ refused }) => refused)).toEqual([[], []]);
  });

  it.each(kinds)(
    '%s has no statement and no action that no call needs, except the documented ones',
    (kind) => {
      expect(needless(walked[kinds.indexOf(kind)], statementsOf(kind, environment))).toEqual(
        Object.keys(unasked[kind]).sort(),
      );
    },
  );

  it.each(kinds)('%s without one of its statements or actions is refused exactly that', (kind) => {
    expectNamed(walked[kinds.indexOf(kind)], statementsOf(kind, environment));
  });

  it('are refused a role without the boundary only by the one deny statement', async () => {
    const statements = statementsOf('Deploy', environment);
    const { deployRole, executionRole } = namesOf(environment);
    const role = `arn:aws:iam::${configuration.accountId}:role/${executionRole}`;
    const free: Call = { role: deployRole, action: 'iam:CreateRole', resource: role, keys: {} };
    const without = statements.filter(({ Sid }) => Sid !== 'NoRoleWithoutBoundary');
    const [whole, less] = await walk(
      [statements, without].map((each) => ({ statements: each, calls: [free] })),
    );
    expect(whole?.refused).toEqual([
      expect.stringMatching(/to perform: iam:CreateRole on resource: .* with an explicit deny/),
    ]);
    expect(less?.refused).toEqual([]);
  });
});

it.each(['Plan', 'Deploy'] as const)(
  'the role %s-prod allows every call in the life of prod itself, from its creation to its end',
  async (kind) => {
    const { planRole, deployRole } = namesOf('prod');
    const role = kind === 'Plan' ? planRole : deployRole;
    // A recording does not contain the namespace of the metric.
    const mark = markOf('prod');
    const own = prodCalls
      .filter((call) => call.role === role)
      .map((call) => (call.action === mark.action ? mark : call));
    expect(own.length).toBeGreaterThan(30);
    const [walked] = await walk([{ statements: statementsOf(kind, 'prod'), calls: own }]);
    expect(walked?.refused).toEqual([]);
  },
);

it.each(environmentNames.flatMap((name) => [[name, name] as const, ['foundation', name] as const]))(
  'the plan role of %s is refused every secret of %s, whatever else it is allowed',
  async (of, environment) => {
    const { secretsPath } = namesOf(environment);
    const { planRole } = of === 'foundation' ? foundationNames : namesOf(of);
    const { accountId, region } = configuration;
    const everything = { Sid: 'Everything', Effect: 'Allow', Action: ['*'], Resource: ['*'], Condition: {} };
    const parameter = `arn:aws:ssm:${region}:${accountId}:parameter${secretsPath}`;
    const asked = [
      ...secretNames.flatMap((name) => [
        ['ssm:GetParameter', `${parameter}${name}`],
        ['ssm:GetParameters', `${parameter}${name}`],
        ['ssm:GetParameterHistory', `${parameter}${name}`],
      ]),
      ['ssm:GetParametersByPath', parameter.replace(/\/$/, '')],
      ['kms:Decrypt', `arn:aws:kms:${region}:${accountId}:key/any`],
      ['kms:GenerateDataKey', `arn:aws:kms:${region}:${accountId}:key/any`],
      ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${region}:${accountId}:secret:any`],
    ] as const;
    const calls = asked.map(([action, resource]) => ({ role: planRole, action, resource, keys: {} }));
    const [walked] = await walk([{ statements: [...statementsOf('Plan', of), everything], calls }]);
    expect(walked?.refused).toHaveLength(calls.length);
    for (const words of walked?.refused ?? []) expect(words).toContain('with an explicit deny');
  },
);

it.each([
  ['dev', 'prod'],
  ['prod', 'dev'],
] as const)('the deploy role of %s is refused every call of %s for its own resources', async (one, other) => {
  const calls = callsOf('deploy', other);
  const own = calls.filter(
    ({ resource, keys }) =>
      JSON.stringify([resource, keys]).includes(other) &&
      // A domain that is no longer in the table belongs to no environment.
      !JSON.stringify(keys).includes(`old-${domainOf(other)}`),
  );
  expect(own.length).toBeGreaterThan(100);
  const [walked] = await walk([{ statements: statementsOf('Deploy', one), calls: own }]);
  const refused = (walked?.refused ?? []).map((words) => words.replace(/ (because|with an explicit) .*/, ''));
  const allowed = own.filter(
    ({ action, resource }) =>
      !refused.some((words) => words.endsWith(`: ${action} on resource: ${resource}`)),
  );
  expect(allowed).toEqual([]);
});

describe.each(['Plan', 'Deploy'] as const)('the role %s-foundation', (kind) => {
  const statements = statementsOf(kind, 'foundation');
  let walked: Walk | undefined;

  beforeAll(async () => {
    const role = foundationNames[kind === 'Plan' ? 'planRole' : 'deployRole'];
    const calls = foundationCalls.filter((call) => call.role === role);
    [walked] = await walk([{ statements, calls }]);
  });

  it('allows every call in the life of the foundation, including its creation', () => {
    expect(walked?.refused).toEqual([]);
  });

  it('has no statement and no action that no call needs, except the documented ones', () => {
    expect(needless(walked, statements)).toEqual(Object.keys(unasked[`${kind}Foundation`]).sort());
  });

  it('without one of its statements or actions is refused exactly that', () => {
    expectNamed(walked, statements);
  });
});

/** @returns the statements and actions that no call needs, without the deny statements. */
function needless(walked: Walk | undefined, statements: readonly Statement[]): readonly string[] {
  const refusals = statements.filter(({ Effect }) => Effect === 'Deny').map(({ Sid }) => Sid);
  return (walked?.needs ?? [])
    .filter(({ sid, refused }) => refused.length === 0 && !refusals.includes(sid))
    .map(({ sid, action }) => (action === null ? sid : `${sid} ${action}`))
    .sort();
}

/** The refused actions are exactly those that were taken away. */
function expectNamed(walked: Walk | undefined, statements: readonly Statement[]): void {
  const needs = walked?.needs ?? [];
  expect(needs.length).toBeGreaterThan(10);
  const actionsOf = new Map(statements.map(({ Sid, Action }) => [Sid, Action]));
  for (const { sid, action, refused } of needs) {
    const missing = action === null ? (actionsOf.get(sid) ?? []) : [action];
    for (const words of refused) {
      // An action with a wildcard, such as s3:Get*, stands for several.
      const asked = /is not authorized to perform: (\S+) /.exec(words)?.[1] ?? '';
      expect(missing.some((name) => isNamedBy(name, asked))).toBe(true);
    }
  }
}

function isNamedBy(name: string, action: string): boolean {
  return name === action || (name.endsWith('*') && action.startsWith(name.slice(0, -1)));
}
