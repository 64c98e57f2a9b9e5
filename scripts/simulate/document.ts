import type { Costs } from './cost';
import type { Break, Outcome, Reach, Simulation } from './simulate';

/** A rate with the cost of its month. */
export type PricedOutcome = Outcome & { readonly month: Costs };

export interface Priced extends Simulation {
  readonly outcomes: readonly PricedOutcome[];
}

/** A table before it is formatted. */
export interface Grid {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const none = '–';

/** @returns what a rate needs, what breaks first and what it costs. */
export function rateGrid(outcomes: readonly PricedOutcome[]): Grid {
  return {
    head: [
      'requests/s',
      'busy',
      'connections',
      'addresses',
      'throttled after',
      'started in a burst',
      'refused in a burst',
      'first limit, steady',
      'first limit, in a burst',
      'per month',
      'with provisioned concurrency',
    ],
    rows: outcomes.map((outcome) => [
      count(outcome.rate),
      count(outcome.busy),
      count(outcome.connections),
      outcome.addresses === undefined ? none : count(outcome.addresses),
      outcome.bucket === undefined ? none : `${outcome.bucket.toFixed(1)} s`,
      count(outcome.started),
      count(outcome.refused),
      outcome.breaks.find(({ when }) => when === 'steady')?.name ?? none,
      outcome.breaks.find(({ when }) => when === 'jump')?.name ?? none,
      dollars(outcome.month.asItIs),
      dollars(outcome.month.kept),
    ]),
  };
}

/** @returns everything that must be changed for a rate. */
export function changeGrid(outcomes: readonly Outcome[]): Grid {
  return {
    head: ['requests/s', 'limit', 'needs', 'has', 'change'],
    rows: outcomes.flatMap(({ rate, breaks }) => breaks.map((each) => changeRow(rate, each))),
  };
}

function changeRow(rate: number, { name, when, unit, needs, allows, change }: Break): readonly string[] {
  return [count(rate), named(name, when), `${count(needs)} ${unit}`, count(allows), change];
}

/** @returns the maximum rate of each limit. */
export function limitGrid(limits: readonly Reach[]): Grid {
  return {
    head: ['limit', 'allows', 'up to requests/s'],
    rows: limits.map(({ name, when, unit, allows, bears }) => [
      named(name, when),
      `${count(allows)} ${unit}`,
      count(bears),
    ]),
  };
}

/** @returns the document with the tables between their marks. */
export function withTables(text: string, { outcomes, limits }: Priced): string {
  const grids = { rates: rateGrid(outcomes), limits: limitGrid(limits), changes: changeGrid(outcomes) };
  return Object.entries(grids).reduce((written, [mark, grid]) => {
    const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
    const [from, to] = [written.indexOf(begin), written.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the document has no ${begin} … ${end}`);
    return `${written.slice(0, from + begin.length)}\n\n${markdown(grid)}\n\n${written.slice(to)}`;
  }, text);
}

/** Aligned like by Prettier. */
function markdown({ head, rows }: Grid): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const lineOf = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...rows.map(lineOf)].join('\n');
}

const named = (name: string, when: Reach['when']) => (when === 'jump' ? `${name}, in a burst` : name);
const count = (number: number) => number.toLocaleString('en-US');
const dollars = (usd: number) => `${Math.round(usd).toLocaleString('en-US')} $`;
