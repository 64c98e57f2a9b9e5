import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ensurePythonEnvironment } from '../../cli/tools/python';
import { run } from '../../cli/process';
import { configuration } from '../../config/environments';
import { type EnvironmentName, environmentNames, namesOf, stateBucketName } from '../../config/names';
import { releaseMetric } from '../../aws/own-metrics';
import { type Call, plainCalls } from '../../scripts/rights/calls';
import { expectSuccess } from '../support/project';
import { synthesizedStacks } from '../support/synthesized';
import { unasked } from './rights/unasked';

const root = resolve(__dirname, '..', '..');

/** What dev asked for through its life, under the roles of its pipeline; `npm run rights` writes it. */
const calls = plainCalls(JSON.parse(readFileSync(join(__dirname, 'rights', 'calls.json'), 'utf8')));

const documentsSchema = z.object({
  data: z.object({
    aws_iam_policy_document: z.record(
      z.string(),
      z.object({
        statement: z.array(
          z.object({
            sid: z.string(),
            effect: z.string().default('Allow'),
            actions: z.array(z.string()),
            resources: z.array(z.string()).default([]),
            condition: z
              .array(z.object({ test: z.string(), variable: z.string(), values: z.array(z.string()) }))
              .default([]),
          }),
        ),
      }),
    ),
  }),
});

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

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

const foundation = documentsSchema.parse(synthesizedStacks(root)['kairos-foundation']).data
  .aws_iam_policy_document;

function statementsOf(kind: 'Plan' | 'Deploy', environment: EnvironmentName): readonly Statement[] {
  return Object.entries(foundation)
    .filter(([id]) => id.startsWith(`Delivery_${kind}-${environment}_Document-`))
    .flatMap(([, { statement }]) => statement)
    .map(({ sid, effect, actions, resources, condition }) => ({
      Sid: sid,
      Effect: effect,
      Action: actions,
      Resource: resources,
      Condition: Object.fromEntries(
        condition.map(({ test, variable, values }) => [test, { [variable]: values }]),
      ),
    }));
}

/** What another environment would have asked for: the same calls, of its own names. */
function callsOf(kind: 'plan' | 'deploy', environment: EnvironmentName): readonly Call[] {
  const own = JSON.stringify(calls.filter(({ role }) => role === `kairos-dev-${kind}`))
    .replaceAll('kairos-dev', `kairos-${environment}`)
    .replaceAll('-dev"', `-${environment}"`)
    .replaceAll('-dev/', `-${environment}/`)
    .replaceAll('"dev"', `"${environment}"`);
  if (kind === 'plan') return plainCalls(JSON.parse(own));
  return [...plainCalls(JSON.parse(own)), ...promotionTo(environment), markOf(environment)];
}

/** What `kairos release` says where there are alarms to keep silent, which dev has none of. */
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

/** What `kairos promote` asks of the environment before, which dev has none of. */
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

/** Asks the local cloud's own IAM. */
async function walk(roles: readonly Role[]): Promise<readonly Walk[]> {
  const python = await ensurePythonEnvironment({
    shell: process.env,
    requirements: [join(root, 'emulator', 'requirements-dev.txt')],
    minimum: [3, 10],
  });
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

  it('allow all that a life of the environment asks for', () => {
    expect(walked.map(({ refused }) => refused)).toEqual([[], []]);
  });

  it.each(kinds)('%s has no statement and no action that nothing needs, or it is known why', (kind) => {
    const needless = (walked[kinds.indexOf(kind)]?.needs ?? [])
      .filter(({ sid, refused }) => refused.length === 0 && !isRefusal(kind, sid))
      .map(({ sid, action }) => (action === null ? sid : `${sid} ${action}`));
    expect(needless.sort()).toEqual(Object.keys(unasked[kind]).sort());
  });

  it.each(kinds)('%s without a statement or an action is refused what it names', (kind) => {
    const needs = walked[kinds.indexOf(kind)]?.needs ?? [];
    expect(needs.length).toBeGreaterThan(10);
    const actionsOf = new Map(statementsOf(kind, environment).map(({ Sid, Action }) => [Sid, Action]));
    for (const { sid, action, refused } of needs) {
      const missing = action === null ? (actionsOf.get(sid) ?? []) : [action];
      for (const words of refused) {
        expect(missing).toContain(/is not authorized to perform: (\S+) /.exec(words)?.[1]);
      }
    }
  });

  it('are refused a role without the boundary by one statement alone', async () => {
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

  function isRefusal(kind: (typeof kinds)[number], sid: string): boolean {
    return statementsOf(kind, environment).some(({ Sid, Effect }) => Sid === sid && Effect === 'Deny');
  }
});
