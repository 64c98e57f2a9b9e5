import { UserError } from '../../errors';
import { Started } from '../kills/started';
import type { Hunted } from '../secret-hunt';
import { differing } from './census';
import { underWay } from './progress';
import { HoldingProxy } from './proxy';
import { recover } from './recover';
import type { Scene, Shape } from './scene';

/** One deploy that was killed, and what came of it. */
export interface Trial {
  readonly run: string;
  /** How many calls AWS had answered. */
  readonly answered: number;
  /** The types of resources that Terraform had not finished. */
  readonly at: string;
  /** What `recover` did. */
  readonly recovered: string;
  /** How often the next deploy was typed. @default - it never succeeded */
  readonly applies?: number;
  /** What is not as after a deploy that nobody killed: lost, or there twice. */
  readonly differences: readonly string[];
  /** Which secret stands where. */
  readonly secrets: Hunted;
  /** What the next plan would change. */
  readonly planned: string;
  /** What Terraform or a command said where it failed. */
  readonly words: string;
}

/** How often a person would try again before asking somebody. */
const mostApplies = 3;

/** A deploy from one shape to another. @default from - nothing is there */
export interface Course {
  readonly name: string;
  readonly from?: Shape;
  readonly to: Shape;
}

/** Brings the environment to where a course begins, and synthesizes where it leads to. */
async function begin(scene: Scene, { from, to }: Course): Promise<void> {
  if (from === undefined) await scene.destroy();
  await scene.synthesize(to);
}

/** What a course leaves when nobody kills it. */
export interface Undisturbed {
  readonly calls: number;
  readonly inventory: readonly string[];
}

export async function undisturbed(scene: Scene, course: Course): Promise<Undisturbed> {
  await begin(scene, course);
  const { proxy, command } = await start(scene);
  try {
    await command.reaches(() => false);
    if (command.code !== 0) throw new UserError(command.text);
    return { calls: proxy.answered, inventory: await scene.inventory() };
  } finally {
    await proxy.stop();
  }
}

async function start(scene: Scene, last?: number) {
  const proxy = await HoldingProxy.start(scene.endpoint, last);
  const [program, args] = scene.terraform('apply', '-auto-approve', '-input=false', '-json');
  const shell = { ...scene.shell, AWS_ENDPOINT_URL: proxy.address };
  return { proxy, command: new Started(program, args, shell, __dirname) };
}

/**
 * Kills Terraform when AWS has answered so many calls, the last of which it never hears; then does what the runbook says.
 * @param right what is there in the end when nobody kills it.
 */
export async function tryKill(
  scene: Scene,
  course: Course,
  last: number,
  right: readonly string[],
): Promise<Trial> {
  await begin(scene, course);
  const { proxy, command } = await start(scene, last);
  if (!(await command.reaches(() => proxy.isHolding))) throw new UserError(`it ended first: ${command.text}`);
  await command.endAll();
  await proxy.idle();
  const { answered } = proxy;
  await proxy.stop();
  scene.cloud.hear(command.text);
  const { recovered, failure } = await recover(scene);
  await scene.synthesize();
  const { applies, output } = await scene.apply(mostApplies);
  const planned = await scene.planned();
  const differences = differing(right, await scene.inventory());
  const secrets = await scene.cloud.hunt();
  const words = [failure, output].filter((text) => text !== '').join('\n');
  const at = underWay(command.text);
  return {
    run: course.name,
    answered,
    at,
    recovered,
    applies,
    differences,
    secrets,
    planned,
    words,
  };
}
