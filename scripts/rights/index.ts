import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GitHubIdentity } from '../../__tests__/support/github-identity';
import { DeployedCloud } from '../../__tests__/support/deployed-cloud';
import cdktf from '../../cdktf.json';
import { run, type Shell } from '../../cli/process';
import { stackFolder } from '../../cli/project';
import { tell } from '../../cli/terminal';
import { terraformCommand } from '../../cli/tools/terraform';
import { UserError } from '../../errors';
import { steps } from './life';
import { type Call, plainCalls } from './calls';
import { foundationCalls } from './foundation';
import { tagged } from './tagged';

/**
 * Leads an environment and the foundation through a whole life under the roles of their pipeline, and writes down what
 * they asked of AWS: `npm run rights`, or `npm run rights foundation`. What the roles have beyond that is looked at in `__tests__/python/rights.test.ts`.
 */
const root = resolve(__dirname, '..', '..');
const [stack, foundation] = ['kairos-dev', 'kairos-foundation'];
const folder = join(root, '__tests__', 'python', 'rights');
const [file, foundationFile] = [join(folder, 'calls.json'), join(folder, 'foundation-calls.json')];

class Life {
  private constructor(
    private readonly cloud: DeployedCloud,
    private readonly deployer: Shell,
    private readonly planner: Shell,
    private readonly digest: string,
  ) {}

  static async begin(): Promise<Life> {
    const cloud = await DeployedCloud.up('rights-life', 'dev');
    const zone = { Name: 'findkairos.com', CallerReference: 'a-life' };
    await new Route53Client(cloud.clientOptions).send(new CreateHostedZoneCommand(zone));
    const github = new GitHubIdentity(cloud.home);
    const signIn = (role: string, context: string) => github.signIn(cloud.clientOptions, role, context);
    const deployer = await signIn('kairos-dev-deploy', 'environment:dev');
    const planner = await signIn('kairos-dev-plan', 'pull_request');
    const output = await run(
      terraformCommand(cloud.shell),
      [`-chdir=${stackFolder(stack, cloud.shell)}`, 'output', '-raw', 'image_digest'],
      { shell: cloud.shell, cwd: root },
    );
    return new Life(cloud, deployer, planner, output.stdout.trim());
  }

  /** Synthesizes the table with changes. @param tags what every resource carries besides. */
  async become(
    changes: Readonly<Record<string, unknown>>,
    tags: Readonly<Record<string, string>>,
  ): Promise<void> {
    const shell = {
      ...this.cloud.shell,
      KAIROS_IMAGE_DIGEST: this.digest,
      KAIROS_TEST_CHANGES: JSON.stringify(changes),
      CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
    };
    await this.must(
      process.execPath,
      ['-r', './bin/typescript', join('__tests__', 'support', 'changed-app.ts')],
      shell,
    );
    const template = join(stackFolder(stack, this.cloud.shell), 'cdk.tf.json');
    writeFileSync(template, JSON.stringify(tagged(JSON.parse(readFileSync(template, 'utf8')), tags)));
  }

  /** The roles come with the table too, and first: by an administrator, for what they may do is told of the other stack. */
  foundation(): Promise<void> {
    return this.terraformIn(foundation, ['apply', '-auto-approve'], {});
  }

  terraform(...args: readonly string[]): Promise<void> {
    return this.terraformIn(stack, args, this.deployer);
  }

  plan(): Promise<void> {
    return this.terraformIn(stack, ['plan', '-lock=false'], this.planner);
  }

  private terraformIn(of: string, args: readonly string[], keys: Shell): Promise<void> {
    return this.must(
      terraformCommand(this.cloud.shell),
      [`-chdir=${stackFolder(of, this.cloud.shell)}`, ...args, '-input=false', '-no-color'],
      { ...this.cloud.shell, ...keys },
    );
  }

  kairos(...args: readonly string[]): Promise<void> {
    return this.must(process.execPath, [join('bin', 'kairos.js'), ...args], {
      ...this.cloud.shell,
      ...this.deployer,
    });
  }

  image(words: string): Promise<string> {
    return this.cloud.image('kairos/routes/root.py', (text) => text.replace('Hello from Kairos', words));
  }

  async calls(): Promise<readonly Call[]> {
    const response = await fetch(`${this.cloud.endpoint}/_kairos/rights`, { method: 'POST' });
    return plainCalls(await response.json());
  }

  end(): Promise<void> {
    return this.cloud.down();
  }

  private async must(command: string, args: readonly string[], shell: Shell): Promise<void> {
    const { code, output } = await run(command, args, { shell, cwd: root });
    if (code !== 0) throw new UserError(`${args.join(' ')}: exit code ${code}\n${output}`);
  }
}

function keep(path: string, calls: readonly Call[]): void {
  writeFileSync(path, `${JSON.stringify(calls, undefined, 2)}\n`);
  tell(`${calls.length} calls in ${path}`);
}

async function main(): Promise<void> {
  tell('starts a local cloud, and makes the foundation in it under its own rights');
  keep(foundationFile, await foundationCalls());
  if (process.argv[2] === 'foundation') return;
  tell('starts a local cloud, and deploys dev into it as an administrator');
  const life = await Life.begin();
  try {
    tell('destroys dev under its own role');
    await life.terraform('destroy', '-auto-approve');
    for (const { what, changes, tags } of steps) {
      tell(what);
      await life.become(changes, tags ?? {});
      await life.foundation();
      await life.terraform('apply', '-auto-approve');
      await life.plan();
    }
    tell('releases, rolls back, looks');
    await life.kairos('release', 'dev', '--digest', await life.image('Hello, second'));
    await life.kairos(
      'release',
      'dev',
      '--digest',
      await life.image('Hello, third'),
      '--canary',
      '10',
      '--for',
      '5s',
    );
    await life.kairos('rollback', 'dev');
    await life.kairos('status', 'dev', '--drift');
    await life.kairos('pipeline', 'end-canary', 'dev');
    tell('destroys dev');
    await life.terraform('destroy', '-auto-approve');
    keep(file, await life.calls());
  } finally {
    await life.end();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
