import { z } from 'zod';
import { UserError } from '../../errors';
import { type AttributeChange } from './attributes';
import { type PlannedChanges, plannedChangesSchema, type ResourceChange } from './changes';

const stackPlanSchema = z.strictObject({
  format: z.literal(1),
  /** The stack, such as `kairos-prod`. */
  stack: z.string(),
  /** The commit that was planned. */
  commit: z.string(),
  /** The changes. Undefined: the plan failed. */
  changes: plannedChangesSchema.optional(),
  /** Why it failed, without values. Undefined: unknown, because the job was killed. */
  reasons: z.array(z.string()).readonly().optional(),
});

/**
 * The plan of one stack, or the information that there is none. A reviewer sees it, and an apply is compared with it.
 */
export type StackPlan = z.infer<typeof stackPlanSchema>;

/** @returns the plan as the text of a file. */
export function writtenPlan(plan: Omit<StackPlan, 'format'>): string {
  return `${JSON.stringify({ format: 1, ...plan } satisfies StackPlan, undefined, 1)}\n`;
}

/** @throws UserError if `writtenPlan` did not write the text. */
export function readStackPlan(text: string, file: string): StackPlan {
  const parsed = stackPlanSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new UserError(`${file} contains no plan of a stack; "npx kairos pipeline plan" writes one`);
}

/** @returns the differences between a plan and the reviewed one, one line each. */
export function differences(reviewed: PlannedChanges, now: PlannedChanges): readonly string[] {
  const [was, is] = [reviewed, now].map(({ resources }) => byAddress(resources));
  const addresses = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].sort();
  return [
    ...addresses.flatMap((address) => resourceDifferences(address, was?.get(address), is?.get(address))),
    ...attributeDifferences(reviewed.outputs, now.outputs).map((words) => `output ${words}`),
  ];
}

function resourceDifferences(
  address: string,
  was: ResourceChange | undefined,
  is: ResourceChange | undefined,
): readonly string[] {
  if (is === undefined) return was === undefined ? [] : [`no longer: ${was.kind} ${address}`];
  if (was === undefined) return [`new: ${is.kind} ${address}`];
  if (was.kind !== is.kind) return [`${address}: ${is.kind}, and ${was.kind} was reviewed`];
  const moved = was.movedFrom === is.movedFrom ? [] : [`${address}: moved from another address`];
  return [
    ...moved,
    ...attributeDifferences(was.attributes, is.attributes).map((words) => `${address}: ${words}`),
  ];
}

function attributeDifferences(
  reviewed: readonly AttributeChange[],
  now: readonly AttributeChange[],
): readonly string[] {
  const [was, is] = [reviewed, now].map((all) => new Map(all.map(({ path, digest }) => [path, digest])));
  const paths = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [was?.get(path), is?.get(path)];
    if (before === after) return [];
    if (before === undefined) return [`${path} changes too`];
    if (after === undefined) return [`${path} no longer changes`];
    return [`${path} changes from or to another value`];
  });
}

function byAddress(resources: readonly ResourceChange[]): ReadonlyMap<string, ResourceChange> {
  return new Map(resources.map((change) => [change.address, change]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
