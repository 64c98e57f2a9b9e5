import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { reachable } from '../../../cli/address';
import { runTerraform } from '../../../cli/cdktf';
import { localAddresses } from '../../../cli/local/addresses';
import { run, type RunResult, type Shell } from '../../../cli/process';
import { stackFolder } from '../../../cli/project';
import { migrationPlanSchema } from '../../../cli/schemas/migrate';
import { recoverSchema } from '../../../cli/schemas/release';
import { terraformCommand } from '../../../cli/tools/terraform';
import cdktf from '../../../cdktf.json';
import { configuration } from '../../../config/environments';
import { namesOf } from '../../../config/names';
import { copyProject } from '../../../scripts/project-copy';
import { type AwsCommand, awsCommand } from '../../support/aws-command';
import { BareCloud } from '../../support/bare-cloud';
import { EarlierStack } from '../../support/earlier-stack';
import { type Kill, killedAtCall } from '../../support/killed-call';
import { expectSuccess } from '../../support/project';

const root = resolve(__dirname, '..', '..', '..');
export const own = namesOf('dev').stack;
export const foundation = 'kairos-foundation';

type Plan = z.infer<typeof migrationPlanSchema>;

interface Opened {
  readonly cloud: BareCloud;
  readonly earlier: EarlierStack;
  readonly aws: AwsCommand;
}

/** A migration from the earlier guide's stack to kairos-dev, in a copy of the project and a local cloud of its own. */
export class Migration {
  readonly name = 'kairos-backend-dev';
  readonly room = mkdtempSync(join(tmpdir(), 'kairos-migration-'));
  readonly project = join(this.room, 'project');
  readonly imports = join(this.project, 'imports');
  /** The arguments of `kairos` that plan it. */
  readonly planArgs = ['migrate', 'plan', this.name, '--env', 'dev'];
  /** The digest of the image that is released. */
  digest: string | undefined;
  private opened: Opened | undefined;
  private planned: Plan | undefined;

  async begin(): Promise<void> {
    await copyProject(this.project);
    rmSync(this.imports, { recursive: true, force: true });
    const cloud = await BareCloud.up({
      KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
      CDKTF_OUTDIR: join(this.room, 'cdktf.out'),
    });
    const earlier = new EarlierStack(cloud, this.name, configuration.environments.dev.database.name);
    this.opened = { cloud, earlier, aws: await awsCommand(cloud.shell) };
    await earlier.deploy();
    expectSuccess(await this.kairos(['bootstrap']));
  }

  async end(): Promise<void> {
    await this.opened?.cloud.down();
    rmSync(this.room, { recursive: true, force: true });
  }

  get cloud(): BareCloud {
    return this.open.cloud;
  }

  get earlier(): EarlierStack {
    return this.open.earlier;
  }

  /** The last plan that had no contradiction. */
  get plan(): Plan {
    if (this.planned === undefined) throw new Error('nothing was planned yet');
    return this.planned;
  }

  get shell(): Shell {
    return { ...this.cloud.shell, KAIROS_IMAGE_DIGEST: this.digest };
  }

  /** Writes what the row of dev says of the edge. */
  edit(edge: string): void {
    const text = readFileSync(join(root, 'config', 'environments.ts'), 'utf8');
    const [before = '', after, ...more] = text.split('const dev: Environment = {');
    if (after?.includes('edge: false,') !== true || more.length > 0) throw new Error('dev has an edge');
    const changed = `${before}const dev: Environment = {${after.replace('edge: false,', `edge: ${edge},`)}`;
    writeFileSync(join(this.project, 'config', 'environments.ts'), changed);
  }

  /** Runs `kairos`, as a user who does not know which image is to be deployed. */
  kairos(args: readonly string[], shell: Shell = {}): Promise<RunResult> {
    const given = { ...this.cloud.shell, ...shell };
    return run(process.execPath, [join('bin', 'kairos.js'), ...args], { cwd: this.project, shell: given });
  }

  /** Plans the migration. @param shell the variables of a role. */
  async look(shell: Shell = {}): Promise<RunResult> {
    const result = expectSuccess(await this.kairos([...this.planArgs, '--json'], shell));
    this.planned = migrationPlanSchema.parse(JSON.parse(result.stdout));
    return result;
  }

  /** Runs the AWS CLI. */
  amazon(...args: readonly string[]): Promise<RunResult> {
    const [command, ...before] = this.open.aws;
    return run(command, [...before, ...args], { shell: this.shell, cwd: this.project });
  }

  /** Kills a command at one of its calls. @returns its output. */
  killed(kill: Kill, command: string, args: readonly string[], more: Shell = {}): Promise<string> {
    const { endpoint } = this.cloud.clientOptions;
    const shell = { ...this.shell, ...more };
    return killedAtCall(endpoint, kill, { command, args, shell, cwd: this.project });
  }

  killedKairos(kill: Kill, args: readonly string[], more: Shell = {}): Promise<string> {
    return this.killed(kill, process.execPath, [join('bin', 'kairos.js'), ...args], more);
  }

  async killedAmazon(kill: Kill, ...args: readonly string[]): Promise<void> {
    const [command, ...before] = this.open.aws;
    await this.killed(kill, command, [...before, ...args]);
  }

  /** The lock of the state stays. */
  async killedTerraform(kill: Kill, stack: string, ...args: readonly string[]): Promise<void> {
    const folder = `-chdir=${stackFolder(stack, this.shell)}`;
    await this.killed(kill, terraformCommand(this.shell), [folder, ...args]);
  }

  /** Synthesizes the stacks. @returns the result, also if it fails. */
  synthesis(): Promise<RunResult> {
    const shell = { ...this.shell, CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context) };
    return run(process.execPath, ['-r', './bin/typescript', 'main.ts'], { cwd: this.project, shell });
  }

  terraform(stack: string, ...args: readonly string[]): Promise<RunResult> {
    return runTerraform(stack, args, { shell: this.shell });
  }

  /** Deploys a stack, or a part of it. @returns what Terraform has said. */
  async deploy(stack: string, ...targets: readonly string[]): Promise<string> {
    expectSuccess(await this.synthesis());
    return (await this.terraform(stack, ...applyArgs(targets))).output;
  }

  /**
   * Kills a deploy, and lets `kairos recover` repair the state, as a person does before the step is repeated.
   * @returns the addresses that recover has imported.
   */
  async killedDeploy(kill: Kill, stack: string, ...targets: readonly string[]): Promise<readonly string[]> {
    expectSuccess(await this.synthesis());
    await this.killedTerraform(kill, stack, ...applyArgs(targets));
    const args = ['recover', stack.replace('kairos-', ''), '--yes', '--json'];
    const { lock, found } = recoverSchema.parse(JSON.parse(expectSuccess(await this.kairos(args)).stdout));
    expect(lock?.holder).toMatch(/\(apply\)$/);
    return found.map(({ address }) => address);
  }

  async expectNoChanges(stack: string, ...targets: readonly string[]): Promise<void> {
    expectSuccess(await this.synthesis());
    const plan = ['plan', '-input=false', ...targets.map((each) => `-target=${each}`)];
    expect((await this.terraform(stack, ...plan)).output).toContain('No changes.');
  }

  /** @returns the address that clients shall call. */
  async url(): Promise<string> {
    return (await this.terraform(own, 'output', '-raw', 'url')).stdout;
  }

  /** @returns where this machine reaches the backend by an address of AWS. */
  async backendAt(address: string): Promise<string> {
    const record = this.cloud.home.read();
    if (record === undefined) throw new Error('the local cloud does not run');
    return `${reachable(address, await localAddresses(record))}/api/v1/`;
  }

  private get open(): Opened {
    if (this.opened === undefined) throw new Error('the migration has not begun');
    return this.opened;
  }
}

function applyArgs(targets: readonly string[]): readonly string[] {
  return ['apply', '-auto-approve', '-input=false', ...targets.map((each) => `-target=${each}`)];
}
