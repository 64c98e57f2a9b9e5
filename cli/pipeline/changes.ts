import { z } from 'zod';
import { attributeChangeSchema, attributeChangesOf } from './attributes';
import type { PlanJson, ResourceChangeJson } from './plan-json';
import { isShownAttribute, isShownOutput } from './shown-values';

/** The kinds of change, most severe first. They are shown in this order. */
export const changeKinds = ['replace', 'destroy', 'forget', 'create', 'import', 'move', 'update'] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** The change of one resource. */
const resourceChangeSchema = z.strictObject({
  kind: z.enum(changeKinds),
  /** Its address, and the deposed object if it is one. */
  address: z.string(),
  /** The address before it was moved. */
  movedFrom: z.string().optional(),
  /** What differs. For a created or destroyed resource this is everything. */
  attributes: z.array(attributeChangeSchema),
  /** The attributes that force a replacement. */
  replacedBy: z.array(z.string()),
});

export type ResourceChange = z.infer<typeof resourceChangeSchema>;

/** The changes of a plan. It contains no value that may not be shown, so it may be stored and compared anywhere. */
export const plannedChangesSchema = z.strictObject({
  /** Sorted by kind, then by address. */
  resources: z.array(resourceChangeSchema),
  /** The outputs that differ; the path is their name. */
  outputs: z.array(attributeChangeSchema),
});

export type PlannedChanges = z.infer<typeof plannedChangesSchema>;

/** @returns what applying a plan would change. Reading a data source is not a change. */
export function changesOf(plan: PlanJson): PlannedChanges {
  const resources = plan.resource_changes
    .filter(({ mode }) => mode === 'managed')
    .flatMap((planned) => {
      const kind = kindOf(planned);
      return kind === undefined ? [] : [changeOf(kind, planned)];
    })
    .sort(
      (one, other) =>
        changeKinds.indexOf(one.kind) - changeKinds.indexOf(other.kind) ||
        (one.address < other.address ? -1 : 1),
    );
  const outputs = Object.entries(plan.output_changes).flatMap(([name, change]) => {
    const changed = attributeChangesOf(change, () => isShownOutput(name));
    return changed.map((part) => ({ ...part, path: `${name}${part.path === '' ? '' : `.${part.path}`}` }));
  });
  return { resources, outputs };
}

function kindOf({ address, previous_address, change }: ResourceChangeJson): ChangeKind | undefined {
  const { actions } = change;
  if (actions.includes('create') && (actions.includes('delete') || actions.includes('forget')))
    return 'replace';
  if (actions.includes('delete')) return 'destroy';
  if (actions.includes('forget')) return 'forget';
  if (actions.includes('create')) return 'create';
  if (change.importing !== undefined && change.importing !== null) return 'import';
  if (actions.includes('update')) return 'update';
  return previous_address === undefined || previous_address === address ? undefined : 'move';
}

function changeOf(
  kind: ChangeKind,
  { address, previous_address, deposed, change }: ResourceChangeJson,
): ResourceChange {
  return {
    kind,
    address: deposed === undefined ? address : `${address} (deposed ${deposed})`,
    ...(previous_address !== undefined && previous_address !== address && { movedFrom: previous_address }),
    attributes: attributeChangesOf(change, isShownAttribute),
    replacedBy: change.replace_paths.map((steps) =>
      steps
        .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
        .join(''),
    ),
  };
}
