import { type MetricWidget, metricsOf, type Widget } from './body';

/** One value of a metric. */
export interface Point {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The data of the widgets. */
export interface Shown {
  /** The values of a graph's metrics, in the order of the graph. */
  readonly series: (widget: MetricWidget) => readonly (readonly Point[])[];
  /** The states of the alarms, by ARN. */
  readonly states: ReadonlyMap<string, AlarmState>;
  /** The time range of the graphs, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** In pixels. */
const column = 50;
const row = 42;
const gap = 8;
const line = 16;
const margin = { left: 54, right: 12, top: 30, bottom: 74 } as const;

const colours = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728'] as const;
const stateColours: Readonly<Record<AlarmState, string>> = {
  OK: '#2ca02c',
  ALARM: '#d62728',
  INSUFFICIENT_DATA: '#888888',
};

/** @returns the dashboard as an image. */
export function dashboardSvg(name: string, widgets: readonly Widget[], shown: Shown): string {
  const width = column * Math.max(1, ...widgets.map((widget) => widget.x + widget.width));
  const height = row * Math.max(1, ...widgets.map((widget) => widget.y + widget.height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(name)}</title>`,
    `<rect width="${width}" height="${height}" fill="#f2f3f3"/>`,
    ...widgets.map((widget) => framed(widget, shown)),
    '</svg>',
    '',
  ].join('\n');
}

interface Box {
  readonly width: number;
  readonly height: number;
}

function framed(widget: Widget, shown: Shown): string {
  const box = { width: widget.width * column - gap, height: widget.height * row - gap };
  return [
    `<g transform="translate(${widget.x * column + gap / 2} ${widget.y * row + gap / 2})">`,
    `<rect width="${box.width}" height="${box.height}" fill="white" stroke="#d5dbdb"/>`,
    text(gap, 18, widget.properties.title, 'font-weight="bold"'),
    ...contentOf(widget, box, shown),
    '</g>',
  ].join('\n');
}

function contentOf(widget: Widget, box: Box, shown: Shown): readonly string[] {
  switch (widget.type) {
    case 'metric':
      return graph(widget, box, shown);
    case 'alarm':
      return alarmList(widget.properties.alarms, box, shown);
    case 'log':
      // A query is billed, and its result is a table, so it only runs when somebody opens the dashboard in the console.
      return wrapped(widget.properties.query, box.width).map((words, at) =>
        text(
          gap,
          margin.top + 14 + at * line,
          words,
          'fill="#555555" font-family="monospace" font-size="11"',
        ),
      );
  }
}

function graph(widget: MetricWidget, box: Box, shown: Shown): readonly string[] {
  const all = shown.series(widget);
  const most = Math.max(0, ...all.flat().map(({ value }) => value));
  const top = most === 0 ? 1 : most;
  const plot = {
    width: box.width - margin.left - margin.right,
    height: box.height - margin.top - margin.bottom,
  };
  const bottom = margin.top + plot.height;
  const x = (at: number) => margin.left + ((at - shown.from) / (shown.to - shown.from)) * plot.width;
  const y = (value: number) => bottom - (value / top) * plot.height;
  return [
    `<path d="M${margin.left} ${margin.top}V${bottom}H${margin.left + plot.width}" fill="none" stroke="#888888"/>`,
    text(margin.left - 4, margin.top + 10, figure(top), 'text-anchor="end"'),
    text(margin.left - 4, bottom, '0', 'text-anchor="end"'),
    text(margin.left, bottom + line, clock(shown.from)),
    text(margin.left + plot.width, bottom + line, `${clock(shown.to)} UTC`, 'text-anchor="end"'),
    ...metricsOf(widget).flatMap(({ name, statistic }, index) => {
      const points = all[index] ?? [];
      const colour = colours[index % colours.length] ?? colours[0];
      const last = points.at(-1);
      const legend = `${name} ${statistic}: ${last === undefined ? 'no value' : figure(last.value)}`;
      return [
        ...(points.length === 0
          ? []
          : [
              `<polyline points="${points.map(({ at, value }) => `${Math.round(x(at))},${Math.round(y(value))}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
            ]),
        text(margin.left, bottom + (index + 2) * line, legend, `fill="${colour}"`),
      ];
    }),
  ];
}

/** In two columns, so that all alarms fit. Ringing alarms come first. */
function alarmList(arns: readonly string[], box: Box, { states }: Shown): readonly string[] {
  const rank = (arn: string) => (states.get(arn) === 'ALARM' ? 0 : 1);
  const sorted = [...arns].sort((one, other) => rank(one) - rank(other));
  const lines = Math.ceil(sorted.length / 2);
  return sorted.map((arn, index) => {
    const state = states.get(arn) ?? 'INSUFFICIENT_DATA';
    const left = gap + Math.floor(index / lines) * (box.width / 2);
    const name = arn.split(':').at(-1) ?? arn;
    return text(
      left,
      margin.top + 14 + (index % lines) * line,
      `${state.replace('INSUFFICIENT_DATA', 'no data')} ${name}`,
      `fill="${stateColours[state]}"`,
    );
  });
}

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${Math.round(x)}" y="${Math.round(y)}" ${more}>${escaped(words)}</text>`;
}

function wrapped(words: string, width: number): readonly string[] {
  const fitting = Math.floor((width - 2 * gap) / 7);
  return words.match(new RegExp(`.{1,${fitting}}(?:\\s|$)`, 'g')) ?? [words];
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(5, 16).replace('T', ' ');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
