import type { AttributeChange } from './attributes';
import type { ChangeKind, ResourceChange } from './changes';
import { code, fit, row, type Section } from './markdown';
import type { StackPlan } from './stack-plan';

export interface CommentOptions {
  /** The commit that was planned. @default - not shown */
  readonly commit?: string;
  /** The page of the job that planned. @default - not shown */
  readonly jobUrl?: string;
  /** The maximum size of the comment, in bytes. @default - GitHub's limit */
  readonly limit?: number;
}

/** The comment is found again by this line, so that a pull request has one comment and not one per push. */
export const commentMarker = '<!-- kairos: plan of all stacks -->';

/** In characters. GitHub answers 422 to a longer comment. */
const longestComment = 65_536;

/** How many names the headline's warnings show before they show a number. */
const shownWarnings = 100;

const words: Readonly<Record<ChangeKind, string>> = {
  replace: '**replaced**',
  destroy: '**destroyed**',
  forget: '**forgotten**',
  create: 'to create',
  import: 'to import',
  move: 'to move',
  update: 'to change',
};

/** The order in a headline: frequent changes first; those that need attention last, in bold. */
const headlineOrder: readonly ChangeKind[] = [
  'update',
  'create',
  'import',
  'move',
  'forget',
  'replace',
  'destroy',
];

/** @returns the comment on a pull request with the plans of all stacks, for the reviewer. */
export function commentOn(plans: readonly StackPlan[], options: CommentOptions = {}): string {
  const sections = [
    headline(plans, options),
    ...plans.flatMap(failures),
    ...plans.flatMap(warnings),
    ...plans.flatMap(table),
    ...plans.flatMap(details),
  ];
  return fit(sections, options.limit ?? longestComment);
}

/** @returns the changes in one line: "prod: 2 to change, 1 **replaced**". */
export function headlineOf(plans: readonly StackPlan[]): string {
  const parts = plans.map((plan) => ({ name: nameOf(plan), what: summaryOf(plan) }));
  if (parts.every(({ what }) => what === 'no changes'))
    return `No changes in ${parts.map(({ name }) => name).join(', ')}.`;
  return parts.map(({ name, what }) => `${name}: ${what}`).join(' · ');
}

function summaryOf({ changes }: StackPlan): string {
  if (changes === undefined) return '**the plan failed**';
  const { resources, outputs } = changes;
  const counts = headlineOrder.flatMap((kind) => {
    const count = resources.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${words[kind]}`];
  });
  if (counts.length > 0) return counts.join(', ');
  return outputs.length === 0 ? 'no changes' : 'only outputs change';
}

function headline(plans: readonly StackPlan[], { commit, jobUrl }: CommentOptions): Section {
  const failed = plans
    .filter((plan) => plan.changes === undefined && reasonsOf(plan).length === 0)
    .map(nameOf);
  const where = jobUrl === undefined ? "the job's log says why" : `[the job's log](${jobUrl}) says why`;
  const of = [
    ...(commit === undefined ? [] : [`Plan of ${code(commit.slice(0, 12))}`]),
    ...(jobUrl === undefined ? [] : [`[the job](${jobUrl})`]),
  ];
  return {
    head: [
      headlineOf(plans),
      commentMarker,
      ...(failed.length === 0 ? [] : ['', `> [!WARNING]\n> No plan of ${failed.join(', ')}: ${where}.`]),
      ...(of.length === 0 ? [] : ['', `<sub>${of.join(' · ')}</sub>`]),
    ],
    lines: [],
    tail: [],
    omitted: () => '',
  };
}

function failures(plan: StackPlan): readonly Section[] {
  const reasons = reasonsOf(plan);
  if (reasons.length === 0) return [];
  return [
    {
      head: ['', '> [!WARNING]', `> No plan of ${nameOf(plan)}:`, '>'],
      lines: reasons.map((reason) => `> ${code(reason)}<br>`),
      tail: [],
      omitted: (count) => `> and ${count} more<br>`,
    },
  ];
}

function reasonsOf({ reasons = [] }: StackPlan): readonly string[] {
  return reasons;
}

/** What cannot be undone comes first. */
function warnings(plan: StackPlan): readonly Section[] {
  const grave = (plan.changes?.resources ?? []).filter(
    ({ kind }) => kind === 'replace' || kind === 'destroy',
  );
  if (grave.length === 0) return [];
  const lines = grave.map(({ kind, address, replacedBy }) => {
    const because = replacedBy.length === 0 ? '' : `, because of ${replacedBy.map(code).join(', ')}`;
    return `> ${words[kind]}: ${code(address)}${because}`;
  });
  const rest = lines.length - shownWarnings;
  return [
    {
      head: ['', '> [!CAUTION]', `> ${nameOf(plan)} loses resources:`, '>'],
      lines: lines.slice(0, shownWarnings).map((line) => `${line}<br>`),
      tail: rest > 0 ? [`> and ${rest} more`] : [],
      omitted: (count) => `> and ${count} more<br>`,
    },
  ];
}

function table(plan: StackPlan): readonly Section[] {
  const { resources, outputs } = plan.changes ?? { resources: [], outputs: [] };
  if (resources.length + outputs.length === 0) return [];
  const rows = resources.map((change) => row([wordOf(change.kind), code(change.address), gist(change)]));
  const changed = outputs.map(({ path }) => code(path)).join(', ');
  return [
    {
      head: ['', `**${nameOf(plan)}**`, '', '| | resource | what changes |', '| --- | --- | --- |'],
      lines: outputs.length === 0 ? rows : [...rows, row(['', 'outputs', changed])],
      tail: [],
      omitted: (count) => `| | … ${count} more | |`,
    },
  ];
}

/** How many attributes a row names. */
const namedAttributes = 4;

function gist({ kind, attributes, movedFrom }: ResourceChange): string {
  const moved = movedFrom === undefined ? [] : [`was ${code(movedFrom)}`];
  if (kind === 'create' || kind === 'destroy' || kind === 'forget') return moved.join('');
  const known = attributes.filter(({ isUnknown }) => !isUnknown);
  // A value that is known only after the apply is a consequence. It is named only if nothing else is.
  const named = known.length === 0 ? attributes : known;
  const shown = named.slice(0, namedAttributes).map((attribute) => changeText(attribute));
  const rest = named.length - shown.length;
  return [...moved, ...shown, ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}

function details(plan: StackPlan): readonly Section[] {
  const { resources, outputs } = plan.changes ?? { resources: [], outputs: [] };
  if (resources.length + outputs.length === 0) return [];
  const lines = [...resources.flatMap(detailsOf), ...outputs.map(outputLine)];
  return [
    {
      head: ['', `<details><summary>All of ${nameOf(plan)}</summary>`, ''],
      lines,
      tail: ['', '</details>'],
      omitted: (count) => `- … ${count} more lines do not fit here; the job's summary has them`,
    },
  ];
}

function detailsOf(change: ResourceChange): readonly string[] {
  const { kind, address, movedFrom, attributes } = change;
  const moved = movedFrom === undefined ? '' : `, was ${code(movedFrom)}`;
  const told = attributes.filter((attribute) => kind === 'update' || kind === 'replace' || isTold(attribute));
  return [
    `- ${wordOf(kind)} ${code(address)}${moved}`,
    ...told.map((attribute) => `  - ${changeText(attribute)}`),
  ];
}

/** For a created or destroyed resource everything differs, so only the values that may be shown are useful. */
function isTold({ shown, isUnknown }: AttributeChange): boolean {
  return shown !== undefined && !isUnknown;
}

function outputLine(output: AttributeChange): string {
  return `- output ${changeText(output)}`;
}

function changeText({ path, shown, isSensitive, isUnknown }: AttributeChange): string {
  const name = code(path);
  if (isSensitive) return `${name} (sensitive)`;
  if (shown === undefined) return isUnknown ? `${name} (known after apply)` : name;
  const to = isUnknown ? '(known after apply)' : valueOf(shown.after);
  return shown.before === undefined ? `${name} ${to}` : `${name} ${valueOf(shown.before)} → ${to}`;
}

function valueOf(text: string | undefined): string {
  return text === undefined ? '(none)' : code(text.replace(/^"(.+)"$/s, '$1'));
}

function wordOf(kind: ChangeKind): string {
  return kind === 'replace' || kind === 'destroy' ? `**${kind}**` : kind;
}

/** People say "prod", and there is only one stack for it. */
function nameOf({ stack }: StackPlan): string {
  return stack.replace(/^kairos-/, '');
}
