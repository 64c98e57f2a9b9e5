import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { alone } from '../../cli/local/alone';
import { stopCloud } from '../../cli/local/cloud';
import { LocalHome } from '../../cli/local/home';
import { run } from '../../cli/process';
import { messageOf } from '../../errors';
import { expectSuccess, outerShell, Project } from './project';
import { everyTrial } from './trials';

/** The result of filling the cloud. */
const filledSchema = z.object({
  /** The command's output if it failed. */
  failure: z.string().optional(),
  /** The changes of a plan of the foundation before any file of the tier starts. */
  foundationChanges: z.array(z.string()).readonly(),
});

type Filled = z.infer<typeof filledSchema>;

const home = new LocalHome(outerShell);
/** Stored where the files of the tier, which are separate processes, can read it. */
const outcome = `${home.folder}-filled`;

/** The lock for changes of the foundation, which all files of the tier share. */
const foundationHome = new LocalHome({ ...outerShell, KAIROS_LOCAL_HOME: `${home.folder}-foundation` });

/** Held during a whole run, because a second run in this checkout would stop the cloud of the first. */
const runHome = new LocalHome({ ...outerShell, KAIROS_LOCAL_HOME: `${home.folder}-run` });

/** @returns the project with the initialized folder of the foundation, which no file of the tier changes. */
export function filledProject(): Project {
  return new Project('filled');
}

let filling: Promise<void> | undefined;
let release: (() => void) | undefined;

/**
 * Starts to fill the local cloud that the files of the tier share. Most of a deploy is the provider's polling, and
 * tests that do not need the deploy run meanwhile.
 * @returns when the cloud answers.
 */
export async function beginSharedCloud(): Promise<void> {
  await waitForOtherRuns();
  await stopCloud(home);
  rmSync(outcome, { force: true });
  const up = ['bin/kairos.js', 'local', 'up', 'dev', 'prod', ...(everyTrial ? ['staging'] : [])];
  filling = run(process.execPath, up, {
    shell: { ...outerShell, CI: '1' },
    onLine: (line) => process.stderr.write(`  local cloud: ${line}\n`),
  })
    .then(expectSuccess)
    .then(() => filledProject().planned('kairos-foundation'))
    .then(
      (foundationChanges) => {
        write({ foundationChanges });
      },
      (error: unknown) => {
        write({ failure: messageOf(error), foundationChanges: [] });
      },
    );
  while (home.read() === undefined && !existsSync(outcome)) await pause(100);
}

/** @returns when no other run of the tier in this checkout uses the cloud. */
function waitForOtherRuns(): Promise<void> {
  const onWait = (pid: number) => {
    process.stderr.write(`  local cloud: waits for the end of another run of these tests, process ${pid}\n`);
  };
  return new Promise((begin, fail) => {
    const held = () =>
      new Promise<void>((end) => {
        release = end;
        begin();
      });
    alone(runHome, onWait, held).catch(fail);
  });
}

/** A reader never finds a partial file. */
function write(filled: Filled): void {
  writeFileSync(`${outcome}.new`, JSON.stringify(filled));
  renameSync(`${outcome}.new`, outcome);
}

/**
 * @returns the result of filling the cloud, when it is filled.
 * @throws with the command's output if it could not be filled.
 */
export async function sharedCloudFilled(): Promise<Filled> {
  while (!existsSync(outcome)) await pause(100);
  const filled = filledSchema.parse(JSON.parse(readFileSync(outcome, 'utf8')));
  if (filled.failure !== undefined) throw new Error(`the local cloud could not be filled: ${filled.failure}`);
  return filled;
}

/** Runs work that changes the foundation, while no other file of the tier changes or reads it. */
export function withFoundation<T>(work: () => Promise<T>): Promise<T> {
  return alone(foundationHome, () => undefined, work);
}

export async function endSharedCloud(): Promise<void> {
  await filling;
  await stopCloud(home);
  release?.();
}
