import { App, LocalBackend, TerraformStack } from 'cdktf';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Applied, type ApplyOptions, applyReviewed } from '../../cli/pipeline/apply';
import { changesOf } from '../../cli/pipeline/changes';
import { readPlan } from '../../cli/pipeline/plan-json';
import type { StackPlan } from '../../cli/pipeline/stack-plan';
import { runTerraform } from '../../cli/cdktf';
import type { Shell } from '../../cli/process';
import { terraformCommand } from '../../cli/tools/terraform';

const stack = 'kairos-dev';
const commit = 'c'.repeat(40);

const stateSchema = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      instances: z.array(z.object({ attributes: z.object({ input: z.object({ value: z.string() }) }) })),
    }),
  ),
});

/** A stack that needs no provider and no cloud: named values, and a state in a separate folder. */
class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'kairos-reviewed-'));
  readonly shell: Shell = {
    ...process.env,
    CDKTF_OUTDIR: join(this.folder, 'out'),
    TF_CLI_CONFIG_FILE: undefined,
    CHECKPOINT_DISABLE: '1',
    FORCE_COLOR: undefined,
  };

  /** Writes the source: each value, and other content of the stack. */
  synthesize(values: Readonly<Record<string, string>>): void {
    const app = new App({ outdir: this.shell.CDKTF_OUTDIR });
    const made = new TerraformStack(app, stack);
    new LocalBackend(made, { path: join(this.folder, 'terraform.tfstate') });
    for (const [name, input] of Object.entries(values))
      made.addOverride(`resource.terraform_data.${name}`, { input });
    app.synth();
  }

  /** Plans for a review, with Terraform alone: only `apply` itself needs cdktf. */
  async review(): Promise<StackPlan> {
    await this.terraform('plan', '-out=reviewed');
    const json = await this.terraform('show', '-json', 'reviewed');
    return { format: 1, stack, commit, changes: changesOf(readPlan(json)) };
  }

  apply(
    reviewed: StackPlan | undefined,
    shell: Shell = this.shell,
    around?: ApplyOptions['around'],
  ): Promise<Applied> {
    const logFile = join(this.folder, 'log');
    return applyReviewed(stack, reviewed, { shell, lockTimeout: 5, logFile, around });
  }

  /** Applies values without a review, as a change made by a person. */
  async become(values: Readonly<Record<string, string>>): Promise<void> {
    this.synthesize(values);
    await this.terraform('apply', '-auto-approve');
  }

  private async terraform(...args: readonly string[]): Promise<string> {
    const options = { shell: this.shell };
    await runTerraform(stack, ['init', '-input=false'], options);
    return (await runTerraform(stack, args, options)).stdout;
  }

  /** @returns the values in the state. */
  get values(): Readonly<Record<string, string | undefined>> {
    const file = join(this.folder, 'terraform.tfstate');
    if (!existsSync(file)) return {};
    const { resources } = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return Object.fromEntries(
      resources.map(({ name, instances }) => [name, instances[0]?.attributes.input.value]),
    );
  }
}

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  rmSync(world.folder, { recursive: true });
});

describe('pipeline apply', () => {
  it('applies the reviewed plan, and finds no changes after that, with or without a review', async () => {
    world.synthesize({ first: 'one' });
    const reviewed = await world.review();
    const seen: unknown[] = [];
    const around = async (work: () => Promise<void>) => {
      seen.push(world.values);
      await work();
      seen.push(world.values);
    };
    expect(await world.apply(reviewed, world.shell, around)).toBe('applied');
    expect(await world.apply(undefined, world.shell, around)).toBe('nothing to do');
    // Only around an actual change. Without a change, nothing is run around it.
    expect(seen).toEqual([{}, { first: 'one' }]);
  });

  it('applies no change that was not reviewed, and says what would change', async () => {
    world.synthesize({ first: 'one' });
    await expect(world.apply(undefined)).rejects.toThrow(
      'kairos-dev would change, but no plan of it was reviewed: create terraform_data.first; open a pull request',
    );
    expect(world.values).toEqual({});
  });

  it('stops if the source contains more than the reviewed changes', async () => {
    world.synthesize({ first: 'one' });
    const reviewed = await world.review();
    world.synthesize({ first: 'two', second: 'two' });
    const refusal = world.apply(reviewed);
    await expect(refusal).rejects.toThrow(/differs from the one that was reviewed with cccccccccccc:/);
    await expect(refusal).rejects.toThrow('new: create terraform_data.second');
    await expect(refusal).rejects.toThrow('terraform_data.first: input changes from or to another value');
    expect(world.values).toEqual({});
  });

  it('stops if somebody changed a resource between the review and the apply', async () => {
    await world.become({ first: 'one' });
    world.synthesize({ first: 'two' });
    const reviewed = await world.review();
    await world.become({ first: 'by hand' });
    world.synthesize({ first: 'two' });
    await expect(world.apply(reviewed)).rejects.toThrow(
      'terraform_data.first: input changes from or to another value',
    );
    expect(world.values).toEqual({ first: 'by hand' });
  });

  it('stops if the state changes after the comparison: Terraform refuses a stale plan', async () => {
    await world.become({ first: 'one', second: 'one' });
    world.synthesize({ first: 'two', second: 'one' });
    const reviewed = await world.review();
    // A Terraform whose apply first lets somebody else change the state.
    const slow = join(world.folder, 'slow-terraform');
    const terraform = terraformCommand(world.shell);
    const meanwhile = `[ "$2" = apply ] && "${terraform}" "$1" state rm terraform_data.second >&2`;
    writeFileSync(slow, `#!/bin/sh\n${meanwhile}\nexec "${terraform}" "$@"\n`);
    chmodSync(slow, 0o755);
    await expect(world.apply(reviewed, { ...world.shell, TERRAFORM_BINARY_NAME: slow })).rejects.toThrow(
      /Saved plan is stale/,
    );
    expect(world.values).toEqual({ first: 'one' });
  });

  it('applies nothing if the plan fails, and says why', async () => {
    world.synthesize({ first: '${no_such.thing}' });
    await expect(world.apply(undefined)).rejects.toThrow(
      /kairos-dev could not be planned:[\s\S]*Reference to undeclared resource/,
    );
  });
});
