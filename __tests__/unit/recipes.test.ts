import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyApplication } from '../../bench/rewritten-copy';
import { Template } from '../support/template';

type Edit = readonly [what: string, by: string];

/** What a person writes with the recipes of CONTRIBUTING.md, by file. */
const edits: Readonly<Record<string, readonly Edit[]>> = {
  // A setting.
  'config/types.ts': [['secretsRevision: number;', 'secretsRevision: number;\n  readonly greeting: string;']],
  'config/settings.ts': [['ENVIRONMENT: ', 'GREETING: environment.greeting,\n    ENVIRONMENT: ']],
  'config/schema.ts': [
    ['secretsRevision: whole(', "greeting: text(/^\\w+$/, 'one word'),\n  secretsRevision: whole("],
    ['prod: environmentSchema,', 'qa: environmentSchema,\n    prod: environmentSchema,'],
  ],
  'config/environments.ts': [
    ['mail,\n  corsOrigins', "mail,\n  greeting: 'hello',\n  corsOrigins"],
    [
      '{ dev, staging, prod }',
      "{ dev, staging, qa: { ...staging, greeting: 'welcome', database: { ...cluster, name: 'kairos_qa' } }, prod }",
    ],
  ],
  // A secret, and an environment.
  'config/names.ts': [
    ["'RESEND_API_KEY',", "'RESEND_API_KEY',\n  'NEW_SECRET',"],
    ["['dev', 'staging', 'prod']", "['dev', 'staging', 'qa', 'prod']"],
  ],
  // An alarm.
  'constructs/observability/function-alarms.ts': [
    [
      'return [',
      `return [
    {
      id: 'function-busy',
      says: 'The backend is busy.',
      severity: 'look',
      measure: { metric: onAlias('Invocations', 'Sum') },
      bad: 'above',
      threshold: 1000,
      unit: 'invocations',
      period: 60,
    },`,
    ],
  ],
  // A policy.
  'policies/index.ts': [
    ['import { stageLog }', "import { noGreeting } from './no-greeting';\nimport { stageLog }"],
    ['webAclTarget,', 'webAclTarget,\n  noGreeting,'],
  ],
};

const policy = `import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { policyOf } from './reading';

export const noGreeting = policyOf('no-greeting', LambdaFunction, (backend) => [
  process.env.REFUSE_GREETING === backend.functionNameInput ? 'it greets; take the greeting away' : undefined,
]);
`;

const room = mkdtempSync(join(tmpdir(), 'kairos-recipes-'));
afterAll(() => {
  rmSync(room, { recursive: true });
});

function edited(text: string, path: string): string {
  return (edits[path] ?? []).reduce((found, [what, by]) => {
    if (!found.includes(what)) throw new Error(`${path} does not hold ${what}`);
    return path === 'config/environments.ts' ? found.replaceAll(what, by) : found.replace(what, by);
  }, text);
}

function synth(variables: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    cwd: room,
    encoding: 'utf8',
    env: {
      ...process.env,
      KAIROS_BACKEND_PATH: join(room, 'none'),
      CDKTF_OUTDIR: join(room, 'out'),
      ...variables,
    },
  });
}

describe('a project after all recipes of CONTRIBUTING.md', () => {
  const stack = (name: string) =>
    Template.parse(readFileSync(join(room, 'out', 'stacks', name, 'cdk.tf.json'), 'utf8'));
  const variablesOf = (name: string) =>
    stack(name).resource('aws_lambda_function', 'Backend').environment as {
      variables: Readonly<Record<string, string>>;
    };

  beforeAll(() => {
    copyApplication(room, edited);
    writeFileSync(join(room, 'policies', 'no-greeting.ts'), policy);
    appendFileSync(join(room, 'docs', 'runbook.md'), '\n## Alarm: function-busy\n\nWait.\n');
    mkdirSync(join(room, 'out'));
    const { status, stderr } = synth();
    if (status !== 0) throw new Error(stderr);
  });

  it('passes the new setting to the backend', () => {
    expect(variablesOf('kairos-dev').variables.GREETING).toBe('hello');
  });

  it('has a parameter for the new secret in each environment, and requires it', () => {
    const names = Object.values(stack('kairos-foundation').resources('aws_ssm_parameter')).map(
      ({ name }) => name,
    );
    for (const name of ['dev', 'staging', 'qa', 'prod'])
      expect(names).toContain(`/kairos/${name}/secrets/NEW_SECRET`);
    expect(variablesOf('kairos-dev').variables.KAIROS_REQUIRED_PARAMETERS).toContain('NEW_SECRET');
  });

  it('has a stack for the new environment, with the values of its row', () => {
    expect(readdirSync(join(room, 'out', 'stacks'))).toContain('kairos-qa');
    expect(variablesOf('kairos-qa').variables.GREETING).toBe('welcome');
  });

  it('has the new alarm', () => {
    const alarms = Object.values(stack('kairos-prod').resources('aws_cloudwatch_metric_alarm'));
    expect(alarms.map(({ alarm_name: name }) => name)).toContain('kairos-prod-function-busy');
  });

  it('is not synthesized if it violates the new policy', () => {
    const { status, stderr, stdout } = synth({ REFUSE_GREETING: 'kairos-qa' });
    expect(status).not.toBe(0);
    expect(stderr + stdout).toContain('no-greeting: it greets; take the greeting away');
  });
});
