import { bold, green, red, wrapped, yellow } from '../terminal';
import type { EnvironmentStatus } from './environment-status';

export type ShownStatus = EnvironmentStatus & {
  /** The changes of a full plan. @default - it was not planned */
  readonly planned?: readonly string[];
};

/** One line of an environment: its label, its text, and the meaning of the text's colour. */
interface Row {
  readonly label: string;
  readonly text: string;
  readonly colour?: (text: string) => string;
}

const labelWidth = 9;
const gap = '  ';

/**
 * @param width of the terminal, in characters; `undefined` without one.
 * @returns all environments as lines: side by side if every word fits into its column, otherwise and in a pipe one
 * below the other.
 */
export function statusScreen(statuses: readonly ShownStatus[], width?: number): readonly string[] {
  const column = Math.floor(((width ?? 0) - labelWidth) / statuses.length) - gap.length;
  const rows = statuses.map(rowsOf);
  // An address is copied as a whole, so it gets its own line below the columns.
  const inColumns = rows.map((each) => each.filter(({ label }) => label !== 'url'));
  const longest = Math.max(
    ...inColumns.flat().flatMap(({ text }) => text.split(' ').map((word) => word.length)),
  );
  return statuses.length > 1 && longest <= column
    ? sideBySide(statuses, inColumns, column)
    : oneBelowTheOther(statuses, rows, width);
}

function oneBelowTheOther(
  statuses: readonly ShownStatus[],
  rows: readonly (readonly Row[])[],
  width: number | undefined,
): readonly string[] {
  const room = (width ?? Infinity) - labelWidth - 2 * gap.length;
  return statuses.flatMap(({ environment }, index) => [
    bold(`kairos-${environment}`),
    ...(rows[index] ?? []).flatMap(({ label, text, colour = same }) =>
      wrapped(text, room).map(
        (line, at) => `  ${(at === 0 ? label : '').padEnd(labelWidth)}${gap}${colour(line)}`,
      ),
    ),
  ]);
}

function sideBySide(
  statuses: readonly ShownStatus[],
  rows: readonly (readonly Row[])[],
  column: number,
): readonly string[] {
  const labels = [...new Set(rows.flat().map(({ label }) => label))];
  const order = labels.sort((one, other) => rowOrder.indexOf(one) - rowOrder.indexOf(other));
  const head = statuses.map(({ environment }) => bold(`kairos-${environment}`.padEnd(column)));
  const urls = statuses.flatMap(({ environment, url }) =>
    url === undefined
      ? []
      : [`${'url'.padEnd(labelWidth)}${gap}${environment.padEnd(labelWidth)}${gap}${url}`],
  );
  return [['', ...head], ...order.flatMap((label) => linesOf(label, rows, column))]
    .map(([label = '', ...cells]) => [label.padEnd(labelWidth), ...cells].join(gap).trimEnd())
    .concat(urls);
}

/** @returns the lines of one label: as many as the environment with the longest text needs. */
function linesOf(
  label: string,
  rows: readonly (readonly Row[])[],
  column: number,
): readonly (readonly string[])[] {
  const cells = rows.map((each) =>
    each
      .filter((row) => row.label === label)
      .flatMap(({ text, colour = same }) => wrapped(text, column).map((line) => colour(line.padEnd(column)))),
  );
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) => [
    at === 0 ? label : '',
    ...cells.map((lines) => lines[at] ?? ' '.repeat(column)),
  ]);
}

const rowOrder = [
  'live',
  'backend',
  'released',
  'smoke',
  'url',
  'canary',
  'lock',
  'alarm',
  'unset',
  'drift',
  'plan',
];

function rowsOf(status: ShownStatus): readonly Row[] {
  const { live, canary, url, alarms, smoke, drift, planned } = status;
  if (live === undefined) return [{ label: 'live', text: 'nothing was deployed yet' }, ...problems(status)];
  const by = live.releasedBy === undefined ? '' : ` by ${live.releasedBy}`;
  return [
    { label: 'live', text: `version ${live.version}, ${live.digest.slice(0, 19)}`, colour: green },
    {
      label: 'backend',
      text: `${live.backend ?? 'unknown'}, commit ${live.commit?.slice(0, 12) ?? 'unknown'}`,
    },
    { label: 'released', text: `${moment(live.published)}${by}` },
    smokeRow(smoke),
    { label: 'url', text: url ?? '-' },
    ...(canary === undefined
      ? []
      : [
          {
            label: 'canary',
            text: `version ${canary.version} gets ${Math.round(canary.share * 100)} % since ${moment(canary.since)}`,
            colour: red,
          },
        ]),
    ...problems(status),
    ...alarms.map((text) => ({ label: 'alarm', text, colour: red })),
    ...drift.map((text) => ({ label: 'drift', text, colour: yellow })),
    ...planRows(planned),
  ];
}

function problems({ lock, unsetSecrets }: ShownStatus): readonly Row[] {
  return [
    ...(lock === undefined
      ? []
      : [{ label: 'lock', text: `held by ${lock.who} since ${moment(lock.since)}`, colour: red }]),
    ...(unsetSecrets.length === 0 ? [] : [{ label: 'unset', text: unsetSecrets.join(', '), colour: red }]),
  ];
}

function smokeRow(smoke: ShownStatus['smoke']): Row {
  if (smoke === undefined) return { label: 'smoke', text: 'not tested since it is live', colour: yellow };
  return smoke.passed
    ? { label: 'smoke', text: `passed ${moment(smoke.at)}`, colour: green }
    : { label: 'smoke', text: `failed ${moment(smoke.at)}`, colour: red };
}

function planRows(planned: readonly string[] | undefined): readonly Row[] {
  if (planned === undefined) return [];
  if (planned.length === 0) return [{ label: 'plan', text: 'no changes', colour: green }];
  return planned.map((text) => ({ label: 'plan', text, colour: yellow }));
}

function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function same(text: string): string {
  return text;
}
