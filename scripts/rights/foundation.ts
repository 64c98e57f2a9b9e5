import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assume } from '../../__tests__/support/aws';
import { BareCloud } from '../../__tests__/support/bare-cloud';
import cdktf from '../../cdktf.json';
import { run, type Shell } from '../../cli/process';
import { stackFolder } from '../../cli/project';
import { tell } from '../../cli/terminal';
import { terraformCommand } from '../../cli/tools/terraform';
import { configuration } from '../../config/environments';
import { foundationNames, foundationStackName as stack } from '../../config/names';
import { UserError } from '../../errors';
import { type Call, plainCalls } from './calls';
import { policiesOf } from './policies';
import { tagged } from './tagged';

const root = resolve(__dirname, '..', '..');

/** The names of the roles that deploy and plan the real ones. */
const strangers = { Deploy: 'kairos-life-deploy', Plan: 'kairos-life-plan' } as const;

const { edge } = configuration.environments.prod;
const keys = {
  'environments.prod.edge': {
    ...edge,
    apiKeys: { prefixes: ['/api/v1/partners'], names: ['API_KEY_PARTNER'] },
  },
};

/** One apply: the changes of the table, and additional tags of every resource. */
const steps: readonly (readonly [
  what: string,
  changes: Readonly<Record<string, unknown>>,
  tags: Readonly<Record<string, string>>,
])[] = [
  ['creates the foundation', {}, {}],
  ['adds an API key, and changes the trusted repository', { ...keys, 'github.repositoryId': 22 }, {}],
  ['changes all tags', keys, { added: 'one' }],
  ['removes the key and the tag', {}, {}],
];

/**
 * Deploys the foundation with a role that has the policies of its deploy role, because that role itself is deployed.
 * Resources with `prevent_destroy` cannot be destroyed.
 * @returns the calls of the role.
 */
export async function foundationCalls(): Promise<readonly Call[]> {
  tell('starts a local cloud, and deploys the foundation into it with the policies of its own role');
  const folder = mkdtempSync(join(tmpdir(), 'kairos-foundation-life-'));
  const cloud = await BareCloud.up({ CDKTF_OUTDIR: join(folder, 'cdktf.out') });
  const must = async (command: string, args: readonly string[], shell: Shell) => {
    const { code, output } = await run(command, args, { shell: { ...cloud.shell, ...shell }, cwd: root });
    if (code !== 0) throw new UserError(`${args.join(' ')}: exit code ${code}\n${output}`);
  };
  const become = async (changes: unknown, tags: Readonly<Record<string, string>>) => {
    await must(process.execPath, ['-r', './bin/typescript', join('__tests__', 'support', 'changed-app.ts')], {
      KAIROS_TEST_CHANGES: JSON.stringify(changes),
      CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
    });
    const template = join(stackFolder(stack, cloud.shell), 'cdk.tf.json');
    const parsed: unknown = JSON.parse(readFileSync(template, 'utf8'));
    writeFileSync(template, JSON.stringify(tagged(parsed, tags)));
    return parsed;
  };
  try {
    await must(process.execPath, [join('bin', 'kairos.js'), 'bootstrap'], {});
    const template = await become({}, {});
    const deployer = await signIn(cloud, template, 'Deploy');
    const planner = await signIn(cloud, template, 'Plan');
    for (const [what, changes, tags] of steps) {
      tell(what);
      await become(changes, tags);
      for (const args of [['init'], ['apply', '-auto-approve']]) {
        await must(
          terraformCommand(cloud.shell),
          [`-chdir=${stackFolder(stack, cloud.shell)}`, ...args, '-input=false', '-no-color'],
          deployer,
        );
      }
    }
    tell('plans with --drift');
    const plans = join(folder, 'plans');
    await must(
      process.execPath,
      [join('bin', 'kairos.js'), 'pipeline', 'plan', stack, '--drift', '--folder', plans],
      planner,
    );
    const response = await fetch(`${cloud.clientOptions.endpoint}/_kairos/rights`, { method: 'POST' });
    return plainCalls(await response.json()).map((call) => ({
      ...call,
      role: call.role === strangers.Plan ? foundationNames.planRole : foundationNames.deployRole,
    }));
  } finally {
    await cloud.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Creates a role with the policies of the synthesized one. @returns its credentials. */
async function signIn(
  { clientOptions }: BareCloud,
  template: unknown,
  kind: keyof typeof strangers,
): Promise<Shell> {
  const stranger = strangers[kind];
  const iam = new IAMClient(clientOptions);
  const { accountId } = configuration;
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'sts:AssumeRole' },
    ],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: stranger, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  for (const [index, Statement] of policiesOf(template, `${kind}-foundation`).entries()) {
    const PolicyName = `${stranger}-${index}`;
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: stranger, PolicyArn: Policy?.Arn }));
  }
  const given = await assume(new STSClient(clientOptions), Role?.Arn ?? '');
  return {
    AWS_ACCESS_KEY_ID: given.accessKeyId,
    AWS_SECRET_ACCESS_KEY: given.secretAccessKey,
    AWS_SESSION_TOKEN: given.sessionToken,
  };
}
