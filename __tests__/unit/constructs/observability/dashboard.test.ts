import { TerraformStack } from 'cdktf';
import { z } from 'zod';
import { Dashboard, type DashboardProps } from '../../../../constructs/observability/dashboard';
import { documentedMetrics } from '../../../../aws/metrics';
import { testApp } from '../../../support/template';

const props: DashboardProps = {
  name: 'kairos-prod',
  region: 'eu-west-2',
  function: { name: 'kairos-prod', alias: 'live', logGroupName: '/aws/lambda/kairos-prod' },
  api: { id: 'a1b2c3', stage: '$default' },
  edge: { distributionId: 'E1', webAclMetric: 'kairos-prod' },
  alarmArns: ['arn:one', 'arn:two'],
};

const widgetSchema = z.object({
  type: z.enum(['metric', 'alarm', 'log']),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.object({
    title: z.string(),
    region: z.string().optional(),
    alarms: z.array(z.string()).optional(),
    query: z.string().optional(),
    metrics: z.array(z.array(z.unknown())).optional(),
  }),
});

function widgetsOf(more: Partial<DashboardProps> = {}) {
  const dashboard = new Dashboard(new TerraformStack(testApp(), 'test'), 'Dashboard', { ...props, ...more });
  return z.array(widgetSchema).parse(dashboard.widgets);
}

const widgets = widgetsOf();

describe('the dashboard', () => {
  it('fits on one screen, and its widgets do not overlap', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, at) => `${x + (at % width)},${y + Math.floor(at / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBeLessThanOrEqual(24);
    expect(Math.max(...widgets.map(({ y, height }) => y + height))).toBeLessThanOrEqual(18);
  });

  it('shows the state of every alarm', () => {
    expect(widgets.find(({ type }) => type === 'alarm')?.properties.alarms).toEqual(['arn:one', 'arn:two']);
  });

  it('shows metrics that AWS documents, in their region', () => {
    const shown = widgets.flatMap(({ properties: { metrics = [], region } }) =>
      metrics.map(([namespace, name]) => ({ namespace: String(namespace), name: String(name), region })),
    );
    expect(shown.length).toBeGreaterThan(8);
    for (const { namespace, name, region } of shown) {
      const known = Object.entries(documentedMetrics).find(([each]) => each === namespace)?.[1];
      expect({ namespace, name, isThere: known?.metrics.some((each) => each === name) }).toMatchObject({
        isThere: true,
      });
      expect(region).toBe(known?.global === true ? 'us-east-1' : 'eu-west-2');
    }
  });

  it('reads releases and errors from the log of the function', () => {
    const queries = widgets.flatMap(({ properties: { query } }) => query ?? []);
    expect(queries).toHaveLength(2);
    for (const query of queries) expect(query).toMatch(/^SOURCE '\/aws\/lambda\/kairos-prod' \| filter /);
  });

  it('shows no edge for an environment without one', () => {
    expect(
      widgetsOf({ edge: undefined }).filter(({ properties }) => properties.region === 'us-east-1'),
    ).toEqual([]);
  });
});
