import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { alone } from '../../cli/local/alone';
import { stopCloud } from '../../cli/local/cloud';
import { LocalHome } from '../../cli/local/home';
import { run } from '../../cli/process';
import { messageOf } from '../../errors';
import { outerShell } from './project';

const home = new LocalHome(outerShell);
/** What the command said that fills the cloud; nothing when it was content. */
const outcome = `${home.folder}-filled`;

/** Held from the beginning to the end of a run: a second one in this checkout would stop the cloud of the first. */
const runHome = new LocalHome({ ...outerShell, KAIROS_LOCAL_HOME: `${home.folder}-run` });

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
  }).then(
    ({ code, output }) => {
      writeFileSync(outcome, code === 0 ? '' : `exit code ${code}:\n${output}`);
    },
    (error: unknown) => {
      writeFileSync(outcome, `the local cloud could not be filled: ${messageOf(error)}`);
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

/** @throws with what the command said when the cloud could not be filled. */
export async function sharedCloudFilled(): Promise<void> {
  while (!existsSync(outcome)) await pause(100);
  const said = readFileSync(outcome, 'utf8');
  if (said !== '') throw new Error(said);
}

export async function endSharedCloud(): Promise<void> {
  await filling;
  await stopCloud(home);
  release?.();
}
