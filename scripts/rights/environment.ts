import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DeployedCloud } from '../../__tests__/support/deployed-cloud';
import { GitHubIdentity } from '../../__tests__/support/github-identity';
import cdktf from '../../cdktf.json';
import { run, type Shell } from '../../cli/process';
import { stackFolder } from '../../cli/project';
import { tell } from '../../cli/terminal';
import { terraformCommand } from '../../cli/tools/terraform';
import { type EnvironmentName, foundationStackName as foundation, namesOf } from '../../config/names';
import { UserError } from '../../errors';
import { type Call, plainCalls } from './calls';
import type { Step } from './life';
import { tagged } from './tagged';

const root = resolve(__dirname, '..', '..');

/**
 * Deploys an environment with the roles of its pipeline: it is destroyed, deployed in several steps, released, rolled
 * back and destroyed again.
 * @returns the calls of the roles.
 */
export async function environmentCalls(
  name: EnvironmentName,
  steps: readonly Step[],
): Promise<readonly Call[]> {
  tell(`starts a local cloud, and deploys ${name} into it as an administrator`);
  const life = await Life.begin(name);
  try {
    tell(`destroys ${name} with its own role`);
    await life.terraform('destroy', '-auto-approve');
    for (const { what, changes, tags } of steps) {
      tell(what);
      await life.become(changes, tags ?? {});
      await life.foundation();
      await life.terraform('apply', '-auto-approve');
      await life.plan();
    }
    tell('releases, rolls back, and reads the status');
    await life.kairos('release', name, '--digest', await life.image('Hello, second'));
    await life.kairos(
      'release',
      name,
      '--digest',
      await life.image('Hello, third'),
      '--canary',
      '10',
      '--for',
      '5s',
    );
    await life.kairos('rollback', name);
    await life.kairos('status', name, '--drift');
    await life.kairos('pipeline', 'end-canary', name);
    tell(`destroys ${name}`);
    await life.terraform('destroy', '-auto-approve');
    return await life.calls();
  } finally {
    await life.end();
  }
}

class Life {
  private constructor(
    private readonly stack: string,
    private readonly cloud: DeployedCloud,
    private readonly deployer: Shell,
    private readonly planner: Shell,
    private readonly digest: string,
  ) {}

  static async begin(name: EnvironmentName): Promise<Life> {
    const { stack, planRole, deployRole } = namesOf(name);
    const cloud = await DeployedCloud.up(`rights-life-${name}`, name);
    const zone = { Name: 'findkairos.com', CallerReference: 'a-life' };
    await new Route53Client(cloud.clientOptions).send(new CreateHostedZoneCommand(zone));
    const github = new GitHubIdentity(cloud.home);
    const signIn = (role: string, context: string) => github.signIn(cloud.clientOptions, role, context);
    const deployer = await signIn(deployRole, `environment:${name}`);
    const planner = await signIn(planRole, 'pull_request');
    const output = await run(
      terraformCommand(cloud.shell),
      [`-chdir=${stackFolder(stack, cloud.shell)}`, 'output', '-raw', 'image_digest'],
      { shell: cloud.shell, cwd: root },
    );
    return new Life(stack, cloud, deployer, planner, output.stdout.trim());
  }

  /** Synthesizes the table with changes. @param tags additional tags of every resource. */
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
    const template = join(stackFolder(this.stack, this.cloud.shell), 'cdk.tf.json');
    writeFileSync(template, JSON.stringify(tagged(JSON.parse(readFileSync(template, 'utf8')), tags)));
  }

  /**
   * The roles depend on the table too, so an administrator deploys them first. Their permissions are defined in the
   * other stack.
   */
  foundation(): Promise<void> {
    return this.terraformIn(foundation, ['apply', '-auto-approve'], {});
  }

  terraform(...args: readonly string[]): Promise<void> {
    return this.terraformIn(this.stack, args, this.deployer);
  }

  plan(): Promise<void> {
    return this.terraformIn(this.stack, ['plan', '-lock=false'], this.planner);
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
