import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { statusSchema } from '../../cli/schemas/release';
import { cdktfCommand } from '../../cli/project';
import { run, type RunResult } from '../../cli/process';
import { Door } from '../../cli/smoke/door';
import { UserError } from '../../errors';
import type { LocalCloud } from '../local-cloud';
import type { Hunted } from '../hunt/secret-hunt';
import type { Images } from './images';
import type { Look, Truth } from './look';
import type { Point } from './points';
import { Started } from './started';
import { firstWay, lastWords, withoutIds } from './words';

export type Ending = 'SIGKILL' | 'SIGINT' | 'SIGTERM';

/** The result of one release that was killed. */
export interface Trial {
  readonly point: string;
  readonly ending: Ending;
  /** Which image was live then: the previous or the new one. */
  readonly live: string;
  /** The commands that were named and run, in order. */
  readonly typed: readonly string[];
  /** The errors, one line each. */
  readonly faults: readonly string[];
  /** Which secret was found where. */
  readonly secrets: Hunted;
}

const root = resolve(__dirname, '..', '..');

/** How many commands may be necessary until there is nothing left to do. */
const mostCommands = 4;

export interface Scene {
  readonly cloud: LocalCloud;
  readonly look: Look;
  readonly images: Images;
}

/**
 * Starts a release, kills it at a point, compares `status` with AWS, and runs the commands that are named until there
 * are none.
 * @returns undefined if the release ended before it reached the point.
 */
export async function tryEnding(scene: Scene, point: Point, ending: Ending): Promise<Trial | undefined> {
  const { cloud, look, images } = scene;
  const before = await look.truth();
  const digest = point.image === 'broken' ? images.broken : otherThan(before, scene);
  const args = ['release', 'dev', '--digest', digest, ...point.args];
  const command = new Started(process.execPath, [kairos, ...args], cloud.shell, root);
  const versions = await look.countVersions();
  const isReached = await command.reaches(() =>
    point.isReached({ text: command.text, look, before, versions, digest }),
  );
  const code = await command.end(ending);
  if (!isReached) return undefined;
  const then = await look.truth();
  const faults = [...(await wrongStatus(scene, then))];
  const typed: string[] = [];
  if (ending !== 'SIGKILL') {
    const { fault, next } = lastWords(command.text, ending, code, then);
    if (fault !== undefined) faults.push(fault);
    if (next !== undefined) faults.push(...(await type(scene, next, typed)));
  }
  faults.push(...(await goOn(scene, typed)));
  faults.push(...(await wrongEnd(scene, before, digest)));
  const live = then.digest === before.digest ? 'the old image' : 'the new image';
  cloud.hear(command.text);
  const secrets = await cloud.hunt();
  return { point: point.name, ending, live, typed, faults: [...faults, ...secrets.found], secrets };
}

const kairos = join(root, 'bin', 'kairos.js');

/** @returns the image to release: the one of the two good ones that is not live. */
function otherThan(before: Truth, { cloud, images }: Scene): string {
  return before.digest === images.good ? cloud.digest : images.good;
}

type Status = z.infer<typeof statusSchema>;

async function statusOf({ cloud }: Scene, ...args: readonly string[]): Promise<Status> {
  const { code, stdout, output } = await cloud.kairos(['status', 'dev', '--json', ...args]);
  if (code !== 0) throw new UserError(`status failed: ${output}`);
  return statusSchema.parse(JSON.parse(stdout));
}

/** @returns the differences between `status` and AWS. */
async function wrongStatus(scene: Scene, truth: Truth): Promise<readonly string[]> {
  const { live, canary, lock } = await statusOf(scene);
  const said: Truth = {
    version: live?.version ?? '',
    digest: live?.digest ?? '',
    share: canary?.share ?? 0,
    lock: lock?.id,
  };
  return (['version', 'digest', 'share', 'lock'] as const)
    .filter((member) => said[member] !== truth[member])
    .map((member) => `status says ${member} ${said[member] ?? 'none'}, AWS ${truth[member] ?? 'none'}`);
}

/** Runs what `status` names, until it names nothing. @returns the errors. */
async function goOn(scene: Scene, typed: string[]): Promise<readonly string[]> {
  for (let count = 0; count < mostCommands; count += 1) {
    const { next } = await statusOf(scene);
    if (next === undefined) return [];
    const faults = await type(scene, next, typed);
    if (faults.length > 0) return faults;
  }
  const { next } = await statusOf(scene);
  return next === undefined ? [] : [`status still names ${next}`];
}

/** Runs a command as it was named. @returns the errors. */
async function type(scene: Scene, named: string, typed: string[]): Promise<readonly string[]> {
  const line = firstWay(named);
  typed.push(withoutIds(line));
  const { code, output } = await runLine(scene, line);
  return code === 0 ? [] : [`${line} failed: ${output.split('\n').slice(-6).join(' / ')}`];
}

async function runLine({ cloud }: Scene, line: string): Promise<RunResult> {
  const [, program, ...args] = line.split(' ');
  if (program === 'kairos') return cloud.kairos(args);
  // Nobody can answer a prompt.
  const agreed = args[0] === 'deploy' ? ['--auto-approve', '--skip-provider-lock'] : [];
  const options = { cwd: root, shell: cloud.shell };
  const result = await run(process.execPath, [cdktfCommand, ...args, ...agreed], options);
  cloud.hear(result.output);
  return result;
}

/** @returns what is wrong when there is nothing left to do. */
async function wrongEnd(scene: Scene, before: Truth, digest: string): Promise<readonly string[]> {
  const { live, url, drift, planned } = await statusOf(scene, '--drift');
  const door = await Door.open(scene.cloud.shell);
  const { status } = await door.get(`${url ?? ''}/api/v1/`);
  return [
    ...(live?.digest === before.digest || live?.digest === digest
      ? []
      : [`${live?.digest ?? 'nothing'} is live`]),
    ...(status === 200 ? [] : [`it answers ${status ?? 'nothing'}`]),
    ...drift,
    ...(planned ?? []).map((change) => `planned: ${change}`),
  ];
}
