import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import cdktf from '../../cdktf.json';
import { endpointOf } from '../../cli/local/server';
import { run, type RunResult, type Shell } from '../../cli/process';
import { outputFolder, stackFolder } from '../../cli/project';
import { terraformCommand } from '../../cli/tools/terraform';
import { type EnvironmentName, namesOf } from '../../config/names';
import { UserError } from '../../errors';
import type { Images } from '../kills/images';
import type { Look } from '../kills/look';
import type { LocalCloud } from '../local-cloud';
import { census } from './census';

/** The target of a deploy: the table's row, or a changed one with more or fewer resources. */
export type Shape = 'first' | 'changed';

/** The tested environments: the smallest, and the one with all kinds of resources. */
export const triedEnvironments = ['dev', 'prod'] as const satisfies readonly EnvironmentName[];

export type TriedEnvironment = (typeof triedEnvironments)[number];

/** Changes that a user would make in a row: settings that are updated in place, and many that replace a resource. */
const edits: Readonly<Record<TriedEnvironment, readonly (readonly [string, string])[]>> = {
  dev: [
    [
      'function: { ...backend, reservedConcurrency: reserved.dev,',
      'function: { ...backend, memory: 512, reservedConcurrency: reserved.dev,',
    ],
    ['observability: false,', 'observability: { ...observability, healthCheck: false },'],
    ['logRetention: 14,', 'logRetention: 30,'],
    ["'http://localhost:5173']", "'http://localhost:5173', 'http://localhost:4200']"],
  ],
  prod: [
    [
      'function: { ...backend, reservedConcurrency: reserved.prod,',
      'function: { ...backend, memory: 512, reservedConcurrency: reserved.prod,',
    ],
    ['edge,\n  logRetention: 90,', 'edge: { ...edge, requestLimit: 3000 },\n  logRetention: 180,'],
    [
      '{ ...observability, watchesAccount: true, silenceLimit: 6, monthlyBudget: 100 }',
      '{ ...observability, watchesAccount: true, dashboard: false }',
    ],
  ],
};

/** @returns the text of the table with another row. @throws if a text to replace no longer exists. */
export function changedTable(text: string, environment: TriedEnvironment): string {
  return edits[environment].reduce((table, [from, to]) => {
    if (!table.includes(from)) throw new Error(`the table has no ${from}`);
    return table.replace(from, to);
  }, text);
}

export interface SceneProps {
  readonly environment: TriedEnvironment;
  readonly cloud: LocalCloud;
  readonly look: Look;
  /** A copy of the project with its own table. */
  readonly project: string;
  readonly images: Images;
}

/** An environment in a local cloud, which Terraform deploys from a copy of the project. */
export class Scene {
  readonly stack: string;
  private readonly table: string;
  private readonly first: string;
  private shape: Shape = 'first';

  constructor(private readonly props: SceneProps) {
    this.stack = namesOf(props.environment).stack;
    this.table = join(props.project, 'config', 'environments.ts');
    this.first = readFileSync(this.table, 'utf8');
  }

  get endpoint(): string {
    return endpointOf(this.props.cloud.record);
  }

  get cloud(): LocalCloud {
    return this.props.cloud;
  }

  /** The environment variables of the last synth and of Terraform. */
  get shell(): Shell {
    const { cloud, images } = this.props;
    return { ...cloud.shell, KAIROS_IMAGE_DIGEST: this.shape === 'first' ? cloud.digest : images.good };
  }

  /** Terraform's program, and the arguments for the stack and a command. */
  terraform(...args: readonly string[]): readonly [string, readonly string[]] {
    return [terraformCommand(this.shell), [`-chdir=${stackFolder(this.stack, this.shell)}`, ...args]];
  }

  /** Writes the table, and synthesizes it. */
  async synthesize(shape: Shape = this.shape): Promise<void> {
    this.shape = shape;
    writeFileSync(
      this.table,
      shape === 'first' ? this.first : changedTable(this.first, this.props.environment),
    );
    const shell = {
      ...this.shell,
      CDKTF_OUTDIR: outputFolder(this.shell),
      CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
    };
    await this.must(process.execPath, ['-r', './bin/typescript', 'main.ts'], shell);
  }

  /** @returns how many applies were needed; undefined if none succeeded. */
  async apply(mostOften: number): Promise<{ readonly applies?: number; readonly output: string }> {
    let output = '';
    for (let applies = 1; applies <= mostOften; applies += 1) {
      const result = await this.run(...this.terraform('apply', '-auto-approve', '-input=false', '-no-color'));
      if (result.code === 0) return { applies, output: '' };
      output = result.output;
    }
    return { output };
  }

  async destroy(): Promise<void> {
    await this.must(...this.terraform('destroy', '-auto-approve', '-input=false', '-no-color'));
  }

  /** @returns the changes of the next plan, in Terraform's words; an empty string if there are none. */
  async planned(): Promise<string> {
    const result = await this.run(
      ...this.terraform('plan', '-input=false', '-no-color', '-detailed-exitcode'),
    );
    return result.code === 0 ? '' : result.output;
  }

  /** @returns the resources in the state and in the account. */
  async inventory(): Promise<readonly string[]> {
    const { stdout } = await this.must(...this.terraform('state', 'list'));
    const held = stdout.split('\n').filter((address) => address !== '');
    return [...held.map((address) => `in the state ${address}`), ...(await census(this.props.look))];
  }

  /** Runs `kairos` in the copy, like a user who does not know which image was to be deployed. */
  kairos(...args: readonly string[]): Promise<RunResult> {
    const { project, cloud } = this.props;
    return this.run(process.execPath, [join(project, 'bin', 'kairos.js'), ...args], cloud.shell);
  }

  private async must(command: string, args: readonly string[], shell?: Shell): Promise<RunResult> {
    const result = await this.run(command, args, shell);
    if (result.code !== 0) throw new UserError(result.output);
    return result;
  }

  private async run(command: string, args: readonly string[], shell = this.shell): Promise<RunResult> {
    const { project, cloud } = this.props;
    const result = await run(command, args, { cwd: project, shell });
    cloud.hear(result.output);
    return result;
  }
}
