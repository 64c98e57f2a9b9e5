import { UserError } from '../../errors';
import { Started } from '../kills/started';
import type { Hunted } from '../hunt/secret-hunt';
import { differing } from './census';
import { underWay } from './progress';
import { HoldingProxy } from './proxy';
import { recover } from './recover';
import type { Scene, Shape } from './scene';

/** A deploy that was killed, and the result. */
export interface Trial {
  readonly run: string;
  /** How many calls AWS had answered. */
  readonly answered: number;
  /** The types of the resources in progress. */
  readonly at: string;
  /** What `recover` did. */
  readonly recovered: string;
  /** How many deploys were needed then. @default - none succeeded */
  readonly applies?: number;
  /** The differences from a deploy that was not killed: missing or duplicate resources. */
  readonly differences: readonly string[];
  /** Which secret was found where. */
  readonly secrets: Hunted;
  /** The changes of the next plan. */
  readonly planned: string;
  /** The message of Terraform or of a command that failed. */
  readonly words: string;
}

/** How often a user would retry before asking somebody. */
const mostApplies = 3;

/** A deploy from one shape to another. @default from - nothing is deployed */
export interface Course {
  readonly name: string;
  readonly from?: Shape;
  readonly to: Shape;
}

/** Deploys the start of a course, and synthesizes its target. */
async function begin(scene: Scene, { from, to }: Course): Promise<void> {
  if (from === undefined) await scene.destroy();
  await scene.synthesize(to);
}

/** The result of a course that is not killed. */
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
 * Kills Terraform when AWS has answered a number of calls, before the last response arrives; then follows the runbook.
 * @param right the resources after a course that is not killed.
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
