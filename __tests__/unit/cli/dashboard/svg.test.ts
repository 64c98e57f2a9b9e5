import { metricsOf, type Widget, widgetsIn } from '../../../../cli/dashboard/body';
import { type AlarmState, dashboardSvg, type Point } from '../../../../cli/dashboard/svg';
import { Dashboard } from '../../../../constructs/observability/dashboard';
import { TerraformStack } from 'cdktf';
import { testApp } from '../../../support/template';

const arn = (region: string, name: string) => `arn:aws:cloudwatch:${region}:111122223333:alarm:${name}`;
const alarmArns = [arn('eu-west-2', 'kairos-prod-quiet'), arn('us-east-1', 'kairos-prod-loud')];

/** The dashboard as the construct writes it, and as CloudWatch returns it. */
const { widgets: made } = new Dashboard(new TerraformStack(testApp(), 'test'), 'Dashboard', {
  name: 'kairos-prod',
  region: 'eu-west-2',
  function: { name: 'kairos-prod', alias: 'live', logGroupName: '/aws/lambda/kairos-prod' },
  api: { id: 'a1', stage: '$default' },
  edge: { distributionId: 'E1', webAclMetric: 'kairos-prod' },
  alarmArns,
});
const widgets = widgetsIn(JSON.stringify({ widgets: made }), 'kairos-prod');

const from = Date.UTC(2026, 9, 12, 10);
const to = Date.UTC(2026, 9, 12, 13);

const draw = (
  points: readonly (readonly Point[])[],
  states: ReadonlyMap<string, AlarmState> = new Map(),
  shown: readonly Widget[] = widgets,
) => dashboardSvg('kairos-prod', shown, { series: () => points, states, from, to });

describe('the picture of the dashboard', () => {
  it('has each widget of the construct with its title, and is well-formed', () => {
    const svg = draw([]);
    for (const { properties } of widgets) expect(svg).toContain(`>${properties.title}</text>`);
    const count = (what: RegExp) => [...svg.matchAll(what)].length;
    expect(count(/<g /g)).toBe(widgets.length);
    expect(count(/<\/g>/g)).toBe(widgets.length);
    expect(svg.startsWith('<svg ')).toBe(true);
    expect(svg.trimEnd().endsWith('</svg>')).toBe(true);
  });

  it('draws values from left to right, with the largest at the top and labels on both axes', () => {
    const [graph] = widgets.filter((widget) => widget.type === 'metric');
    if (graph === undefined) throw new Error('the dashboard has a graph');
    const points = [
      { at: from, value: 0 },
      { at: (from + to) / 2, value: 1_500 },
      { at: to, value: 750 },
    ];
    const svg = draw([points], new Map(), [{ ...graph, x: 0, y: 0, width: 8, height: 6 }]);
    // 8 columns of 50, minus a gap of 8, are 392. The margins leave 326 × 140.
    expect(svg).toContain('points="54,170 217,30 380,100"');
    expect(svg).toContain('>1,500</text>');
    expect(svg).toContain('>10-12 10:00</text>');
    expect(svg).toContain('>10-12 13:00 UTC</text>');
    expect(svg).toContain('>Count Sum: 750</text>');
    expect(svg).toContain('>4xx Sum: no value</text>');
  });

  it('shows the state of each alarm in words, and alarms that are on first', () => {
    const svg = draw(
      [],
      new Map<string, AlarmState>([
        [alarmArns[0] ?? '', 'OK'],
        [alarmArns[1] ?? '', 'ALARM'],
      ]),
    );
    const [loud, quiet] = [svg.indexOf('ALARM kairos-prod-loud'), svg.indexOf('OK kairos-prod-quiet')];
    expect(loud).toBeGreaterThan(0);
    expect(quiet).toBeGreaterThan(loud);
    expect(draw([])).toContain('no data kairos-prod-quiet');
  });

  it('escapes text', () => {
    const [log] = widgets.filter((widget) => widget.type === 'log');
    if (log === undefined) throw new Error('the dashboard has a table');
    const svg = draw([], new Map(), [{ ...log, properties: { title: '<b>&', query: 'a < "b"' } }]);
    expect(svg).toContain('>&lt;b&gt;&amp;</text>');
    expect(svg).toContain('a &lt; &quot;b&quot;');
  });
});

it('reads a metric with its dimensions and its statistic', () => {
  const [graph] = widgets.filter((widget) => widget.type === 'metric');
  if (graph === undefined) throw new Error('the dashboard has a graph');
  expect(metricsOf(graph)[0]).toEqual({
    namespace: 'AWS/ApiGateway',
    name: 'Count',
    dimensions: { ApiId: 'a1', Stage: '$default' },
    statistic: 'Sum',
  });
});
