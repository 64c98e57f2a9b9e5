import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { alone } from '../../cli/local/alone';
import { stopCloud } from '../../cli/local/cloud';
import { LocalHome } from '../../cli/local/home';
import { run } from '../../cli/process';
import { messageOf } from '../../errors';
import { expectSuccess, outerShell, Project } from './project';

/** What came of filling the cloud. */
const filledSchema = z.object({
  /** What the command said when it failed. */
  failure: z.string().optional(),
  /** What a plan of the foundation would change, made before any file of the tier begins. */
  foundationChanges: z.array(z.string()).readonly(),
});

type Filled = z.infer<typeof filledSchema>;

const home = new LocalHome(outerShell);
/** Where the files of the tier read it: they are processes of their own. */
const outcome = `${home.folder}-filled`;

/** Held by whoever changes the foundation, which belongs to all files of the tier. */
const foundationHome = new LocalHome({ ...outerShell, KAIROS_LOCAL_HOME: `${home.folder}-foundation` });

/** Held from the beginning to the end of a run: a second one in this checkout would stop the cloud of the first. */
const runHome = new LocalHome({ ...outerShell, KAIROS_LOCAL_HOME: `${home.folder}-run` });

/** @returns the project whose folder of the foundation is initialized, which no file of the tier changes. */
export function filledProject(): Project {
  return new Project('filled');
}

let filling: Promise<void> | undefined;
let release: (() => void) | undefined;

/**
 * Begins to fill the local cloud that files of the tier share: the provider's own polling is most of a deploy. What
 * needs none of it runs meanwhile.
 * @returns once the cloud can be asked.
 */
export async function beginSharedCloud(): Promise<void> {
  await waitForOtherRuns();
  await stopCloud(home);
  rmSync(outcome, { force: true });
  const up = ['bin/kairos.js', 'local', 'up', 'dev', 'staging', 'prod'];
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

/** @returns once no other run of the tier in this checkout has the cloud. */
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

/** A reader never finds the half of it. */
function write(filled: Filled): void {
  writeFileSync(`${outcome}.new`, JSON.stringify(filled));
  renameSync(`${outcome}.new`, outcome);
}

/**
 * @returns what came of filling the cloud, once it is filled.
 * @throws with what the command said when it could not be filled.
 */
export async function sharedCloudFilled(): Promise<Filled> {
  while (!existsSync(outcome)) await pause(100);
  const filled = filledSchema.parse(JSON.parse(readFileSync(outcome, 'utf8')));
  if (filled.failure !== undefined) throw new Error(`the local cloud could not be filled: ${filled.failure}`);
  return filled;
}

/** Does work that changes the foundation, while no other file of the tier changes it or looks at it. */
export function withFoundation<T>(work: () => Promise<T>): Promise<T> {
  return alone(foundationHome, () => undefined, work);
}

export async function endSharedCloud(): Promise<void> {
  await filling;
  await stopCloud(home);
  release?.();
}
