import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ValueChangeJson } from './plan-json';

/** The change of one attribute of a resource, or of one output. It may be stored where everybody can read it. */
export const attributeChangeSchema = z.strictObject({
  /** The path: `environment[0].variables.LOG_LEVEL`. It ends at a sensitive value. */
  path: z.string(),
  /** The values as JSON, if they may be shown. A missing value is null, or known only after the apply. */
  shown: z.strictObject({ before: z.string().optional(), after: z.string().optional() }).optional(),
  /** A hash that distinguishes two changes without revealing them. It contains nothing about sensitive values. */
  digest: z.string(),
  /** Whether the new value is known only after the apply. */
  isUnknown: z.boolean(),
  /** Whether the value is sensitive, before or after. */
  isSensitive: z.boolean(),
});

export type AttributeChange = z.infer<typeof attributeChangeSchema>;

type Tree = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * @param isShown whether the value at a path may be shown.
 * @returns the attributes that differ, each at its own path, sorted by path.
 */
export function attributeChangesOf(
  change: ValueChangeJson,
  isShown: (path: string) => boolean,
): AttributeChange[] {
  const differing = compare('', {
    before: change.before,
    after: change.after,
    unknown: change.after_unknown,
    sensitiveBefore: change.before_sensitive,
    sensitiveAfter: change.after_sensitive,
  });
  return differing
    .map((difference) => published(difference, isShown))
    .sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}

/** One attribute with its values. It is not exported. */
interface Difference {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly isUnknown: boolean;
  readonly isSensitive: boolean;
}

function published(difference: Difference, isShown: (path: string) => boolean): AttributeChange {
  const { path, before, after, isUnknown, isSensitive } = difference;
  // The list of shown attributes does not include lists and objects.
  const isPlain = [before, after].every((text) => text === undefined || !/^[[{]/.test(text));
  const shown = !isSensitive && isPlain && isShown(path) ? { before, after } : undefined;
  return { path, ...(shown && { shown }), digest: digestOf(difference), isUnknown, isSensitive };
}

/** Sensitive values are not even hashed, because a short value could be found by trying all values. */
function digestOf({ before, after, isUnknown, isSensitive }: Difference): string {
  if (isSensitive) return 'sensitive';
  if (isUnknown) return 'unknown';
  const hash = createHash('sha256').update(JSON.stringify([before ?? null, after ?? null]));
  return hash.digest('hex').slice(0, 16);
}

/** A value and Terraform's marks for it, in trees of the same shape. `true` applies to a whole branch. */
interface Branch {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly sensitiveBefore: unknown;
  readonly sensitiveAfter: unknown;
}

function compare(path: string, branch: Branch): Difference[] {
  const { before, after } = branch;
  const isUnknown = branch.unknown === true;
  const isSensitive = branch.sensitiveBefore === true || branch.sensitiveAfter === true;
  const isSplit = !isUnknown && !isSensitive && [before, after, branch.unknown].some(isTree);
  if (isSplit) {
    return keysOf(branch).flatMap(([key, step]) => compare(join(path, step), at(branch, key)));
  }
  const [from, to] = [textOf(before), textOf(after)];
  if (from === to && !isUnknown) return [];
  return [{ path, before: from, after: to, isUnknown, isSensitive }];
}

function keysOf({ before, after, unknown }: Branch): readonly (readonly [string, string | number])[] {
  const keys = new Map<string, string | number>();
  for (const tree of [before, after, unknown]) {
    if (Array.isArray(tree)) tree.forEach((_, index) => keys.set(String(index), index));
    else if (isTree(tree)) for (const key of Object.keys(tree)) keys.set(key, key);
  }
  return [...keys];
}

function at(branch: Branch, key: string): Branch {
  return {
    before: memberOf(branch.before, key),
    after: memberOf(branch.after, key),
    unknown: memberOf(branch.unknown, key),
    sensitiveBefore: memberOf(branch.sensitiveBefore, key),
    sensitiveAfter: memberOf(branch.sensitiveAfter, key),
  };
}

function memberOf(tree: unknown, key: string): unknown {
  return isTree(tree)
    ? Object.entries(tree).find(([name]) => name === key)?.[1]
    : tree === true
      ? true
      : undefined;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function join(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  return path === '' ? step : `${path}.${step}`;
}

/** Null and absent are the same, because a provider may write either. */
function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}
