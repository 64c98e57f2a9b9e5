import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { alone } from '../../cli/local/alone';
import { stopCloud } from '../../cli/local/cloud';
import { LocalHome } from '../../cli/local/home';
import { run, type Shell } from '../../cli/process';
import { messageOf } from '../../errors';
import { expectSuccess, Project, shellOf } from './project';
import { everyTrial } from './trials';

/** The result of filling the cloud. */
const filledSchema = z.object({
  /** The command's output if it failed. */
  failure: z.string().optional(),
  /** The changes of a plan of the foundation before any file of the tier starts. */
  foundationChanges: z.array(z.string()).readonly(),
});

type Filled = z.infer<typeof filledSchema>;

/** The tiers with a cloud of their own, which is the name of its folder below `.kairos`. */
type Tier = 'e2e' | 'operations';

/** The local cloud that the files of a tier share. */
export class SharedCloud {
  /** The environment variables before they point to the cloud. */
  readonly shell: Shell;
  private readonly home: LocalHome;
  /** The result of filling it, stored where the files of the tier, which are separate processes, can read it. */
  private readonly outcome: string;
  private filling: Promise<void> | undefined;
  private release: (() => void) | undefined;

  constructor(private readonly tier: Tier) {
    this.shell = shellOf(join('.kairos', tier));
    this.home = new LocalHome(this.shell);
    this.outcome = `${this.home.folder}-filled`;
  }

  /** @returns the project with the initialized folder of the foundation, which no file of the tier changes. */
  filledProject(): Project {
    return this.project('filled');
  }

  /** @returns the project with this cloud. @param name of the folder that it synthesizes into. */
  project(name: string): Project {
    return new Project(name, this.shell);
  }

  /**
   * Starts to fill it. Most of a deploy is the provider's polling, and tests that do not need the deploy run meanwhile.
   * @returns when the cloud answers.
   */
  async begin(): Promise<void> {
    await this.waitForOtherRuns();
    await stopCloud(this.home);
    rmSync(this.outcome, { force: true });
    const more = this.tier === 'e2e' && everyTrial ? ['staging'] : [];
    const up = ['bin/kairos.js', 'local', 'up', 'dev', 'prod', ...more];
    this.filling = run(process.execPath, up, {
      shell: { ...this.shell, CI: '1' },
      onLine: (line) => process.stderr.write(`  local cloud: ${line}\n`),
    })
      .then(expectSuccess)
      .then(() => this.filledProject().planned('kairos-foundation'))
      .then(
        (foundationChanges) => {
          this.write({ foundationChanges });
        },
        (error: unknown) => {
          this.write({ failure: messageOf(error), foundationChanges: [] });
        },
      );
    while (this.home.read() === undefined && !existsSync(this.outcome)) await pause(100);
  }

  /**
   * @returns the result of filling the cloud, when it is filled.
   * @throws with the command's output if it could not be filled.
   */
  async filled(): Promise<Filled> {
    while (!existsSync(this.outcome)) await pause(100);
    const filled = filledSchema.parse(JSON.parse(readFileSync(this.outcome, 'utf8')));
    if (filled.failure !== undefined)
      throw new Error(`the local cloud could not be filled: ${filled.failure}`);
    return filled;
  }

  /** Runs work that changes the foundation, while no other file of the tier changes or reads it. */
  withFoundation<T>(work: () => Promise<T>): Promise<T> {
    return alone(this.beside('foundation'), () => undefined, work);
  }

  async end(): Promise<void> {
    await this.filling;
    await stopCloud(this.home);
    this.release?.();
  }

  /**
   * @returns when no other run of the tier in this checkout uses the cloud. The lock is held during a whole run, because
   * a second run would stop the cloud of the first.
   */
  private waitForOtherRuns(): Promise<void> {
    const onWait = (pid: number) => {
      process.stderr.write(
        `  local cloud: waits for the end of another run of these tests, process ${pid}\n`,
      );
    };
    return new Promise((begin, fail) => {
      const held = () =>
        new Promise<void>((end) => {
          this.release = end;
          begin();
        });
      alone(this.beside('run'), onWait, held).catch(fail);
    });
  }

  /** @returns the home of a lock of the tier. */
  private beside(lock: string): LocalHome {
    return new LocalHome({ ...this.shell, KAIROS_LOCAL_HOME: `${this.home.folder}-${lock}` });
  }

  /** A reader never finds a partial file. */
  private write(filled: Filled): void {
    writeFileSync(`${this.outcome}.new`, JSON.stringify(filled));
    renameSync(`${this.outcome}.new`, this.outcome);
  }
}

/** The cloud of the tier `e2e`. */
export const e2eCloud = new SharedCloud('e2e');

/** The cloud of the tier `operations`. */
export const operationsCloud = new SharedCloud('operations');
