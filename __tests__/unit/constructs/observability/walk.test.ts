import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { documentedMetrics } from '../../../../aws/metrics';
import { configuration } from '../../../../config/environments';
import type { Environment } from '../../../../config/types';
import { isReleaseMark } from '../../../../aws/own-metrics';
import { BackendStack } from '../../../../stacks/backend-stack';
import { compositeAlarmsOf, metricAlarmsOf, metricsIn, windowOf } from '../../../support/alarms';
import { Template, testApp } from '../../../support/template';

const { prod } = configuration.environments;
if (prod.edge === false) throw new Error('production has an edge');

const everyKnob: Environment = {
  ...prod,
  edge: { ...prod.edge, domain: { name: 'api.findkairos.com', zone: 'findkairos.com' } },
  function: { ...prod.function, provisionedConcurrency: 2 },
};

const template = Template.of(
  new BackendStack(testApp(), {
    accountId: configuration.accountId,
    region: configuration.region,
    repository: configuration.repository,
    name: 'prod',
    environment: everyKnob,
    imageConfiguration: configuration.image,
    release: { digest: `sha256:${'a'.repeat(64)}` },
  }),
);

const alarms = metricAlarmsOf(template);
const composites = compositeAlarmsOf(template);
const byName = (all: typeof alarms) => all.map((alarm) => [alarm.alarm_name, alarm] as const);
const hour = 3600;
const usEast1 = 'aws.us-east-1';

interface Documented {
  readonly global: boolean;
  readonly metrics: readonly string[];
  readonly dimensions: readonly (readonly string[])[];
  readonly narrower: Readonly<Record<string, readonly (readonly string[])[]>>;
}
const documented: Readonly<Record<string, Documented>> = documentedMetrics;

/** Names of the stack's resources, as the value of a dimension. */
const literalNames = [
  ...Object.values(template.resources('aws_lambda_function')).map(({ function_name: name }) => name),
  `kairos-prod:${String(template.resource('aws_lambda_alias').name)}`,
  ...Object.values(template.resources('aws_wafv2_web_acl')).map(
    ({ visibility_config: config }) => (config as { metric_name: string }).metric_name,
  ),
  'Global',
  'ALL',
];

/** Only a custom metric, which a filter of the stack writes, is not AWS's. */
function isOfAFilter(namespace: string, name: string): boolean {
  return Object.values(template.resources('aws_cloudwatch_log_metric_filter')).some(
    ({ metric_transformation: to }) =>
      JSON.stringify(to).includes(`"namespace":"${namespace}"`) &&
      JSON.stringify(to).includes(`"name":"${name}"`),
  );
}

describe.each(byName(alarms))('the alarm %s', (_, alarm) => {
  it('measures a metric that AWS documents, or that a filter of the stack counts', () => {
    for (const { namespace, metric_name: name, dimensions = {} } of metricsIn(alarm)) {
      const known = documented[namespace];
      if (known === undefined) {
        if (isReleaseMark(alarm.alarm_name)) {
          expect({ namespace, name }).toMatchObject({
            namespace: 'Kairos/kairos-prod',
            name: 'ReleaseAtWork',
          });
          continue;
        }
        expect(isOfAFilter(namespace, name)).toBe(true);
        expect(dimensions).toEqual({});
        continue;
      }
      expect(known.metrics).toContain(name);
      const sets = (known.narrower[name] ?? known.dimensions).map((set) => [...set].sort());
      expect(sets).toContainEqual(Object.keys(dimensions).sort());
    }
    expect(metricsIn(alarm).length).toBeGreaterThan(0);
  });

  it('has dimensions that are resources of the stack', () => {
    for (const value of metricsIn(alarm).flatMap(({ dimensions = {} }) => Object.values(dimensions))) {
      const address = /^\$\{(aws_\w+\.[\w-]+)\.\w+\}$/.exec(value)?.[1];
      if (address === undefined) expect(literalNames).toContain(value);
      else expect(template.addresses).toContain(address);
    }
  });

  it('is in the region of its metric, with a topic there', () => {
    const elsewhere = metricsIn(alarm).some(({ namespace }) => documented[namespace]?.global === true);
    // The metric of a release in progress is put in both regions.
    if (!isReleaseMark(alarm.alarm_name)) expect(alarm.provider).toBe(elsewhere ? usEast1 : undefined);
    for (const region of actionRegions(alarm)) expect(region).toBe(alarm.provider);
  });

  it('notifies once: by itself, or by the composite alarm that contains it', () => {
    const isPart = partsOf(composites).includes(alarm.alarm_name) || isReleaseMark(alarm.alarm_name);
    const told = isPart ? 0 : 1;
    expect([alarm.alarm_actions.length, alarm.ok_actions.length]).toEqual([told, told]);
  });

  it('has an evaluation range that CloudWatch allows', () => {
    const { period, seconds } = windowOf(alarm);
    expect(period % 60).toBe(0);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(period >= hour ? 7 * 24 * hour : 24 * hour);
  });

  it('contains its severity and a link to the runbook', () => {
    expect(alarm.alarm_description).toMatch(
      new RegExp(`^\\[(page|look)\\] .+ https://.+/docs/runbook\\.md#alarm-${alarm.alarm_name.slice(12)}$`),
    );
    expect(alarm.alarm_description.length).toBeLessThanOrEqual(1024);
  });
});

/** @returns the metric alarm that a value refers to. */
function alarmOf(reference: string) {
  const id = /^\$\{aws_cloudwatch_metric_alarm\.([\w-]+)\.alarm_name\}$/.exec(reference)?.[1];
  return template.resource('aws_cloudwatch_metric_alarm', id);
}

/** @returns the alarms that composites contain, as Terraform has them. */
function partsIn({ alarm_rule: rule = '' }: (typeof alarms)[number]) {
  return [...rule.matchAll(/ALARM\((\$\{[^}]+\})\)/g)].map(([, reference = '']) => alarmOf(reference));
}

/** @returns the names of the alarms that composites contain. */
function partsOf(all: typeof alarms): readonly unknown[] {
  return all.flatMap(partsIn).map(({ alarm_name: name }) => name);
}

describe.each(byName(composites))('the composite alarm %s', (_, composite) => {
  it('contains alarms of its own region', () => {
    const parts = partsIn(composite);
    expect(parts.length).toBeGreaterThan(0);
    for (const { provider } of parts) expect(provider).toBe(composite.provider);
  });

  it('is suppressed while a release is in progress, by an alarm in its own region', () => {
    const { alarm = '', ...periods } = composite.actions_suppressor ?? {};
    const suppressor = alarmOf(alarm);
    expect(suppressor.alarm_name).toMatch(/^kairos-prod-(edge-)?release-at-work$/);
    expect(suppressor.provider).toBe(composite.provider);
    // A failed release notifies at once. The beginning of a release is seen within a period of its alarm.
    expect(periods).toEqual({ wait_period: suppressor.period, extension_period: 0 });
  });

  it('has a topic in its region', () => {
    expect(actionRegions(composite)).toEqual([composite.provider, composite.provider]);
  });
});

/**
 * @returns the provider of each action's topic. The action is the ARN of the topic's policy, which admits the
 * services.
 */
function actionRegions({ alarm_actions: alarm, ok_actions: ok }: (typeof alarms)[number]) {
  return [...alarm, ...ok].map((action) => {
    const id = /^\$\{aws_sns_topic_policy\.([\w-]+)\.arn\}$/.exec(action)?.[1];
    return template.resource('aws_sns_topic_policy', id).provider;
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html */
const percentiles = alarms.filter(({ extended_statistic: statistic }) => statistic !== undefined);

it.each(byName(percentiles))('the percentile of %s keeps its state if there are few values', (_, alarm) => {
  expect(alarm.evaluate_low_sample_count_percentiles).toBe('ignore');
});

/**
 * Alarms whose metric exists without requests, or whose missing data is the fault. All others count requests.
 */
const otherwise: Readonly<Record<string, string>> = {
  'kairos-prod-function-silence': 'breaching',
  'kairos-prod-edge-unreachable': 'ignore',
  'kairos-prod-certificate-expiry': 'ignore',
};

it.each(byName(alarms))(
  '%s does not go off in a night without requests, unless that is its purpose',
  (name, alarm) => {
    expect(alarm.treat_missing_data).toBe(otherwise[name] ?? 'notBreaching');
  },
);

it.each(Object.entries(documentedMetrics))("%s has the link of AWS's page", (_, { source }) => {
  expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
});

describe('the alarms of an environment', () => {
  it('are those of docs/alarms.md, each in its region', () => {
    const text = readFileSync(join(resolve(__dirname, '../../../..'), 'docs', 'alarms.md'), 'utf8');
    const listed = text
      .split(/^## In /m)
      .slice(1)
      .flatMap((part) => {
        const region = part.slice(0, part.indexOf('\n')) === 'us-east-1' ? usEast1 : undefined;
        return [...part.matchAll(/^\| \[([\w-]+)\]/gm)].map(([, id = '']) => [`kairos-prod-${id}`, region]);
      });
    const made = [...alarms, ...composites].map(({ alarm_name: name, provider }) => [name, provider]);
    expect(made.sort()).toEqual(listed.sort());
    expect(made.length).toBeGreaterThan(20);
  });

  it('are in both regions, each with a composite alarm', () => {
    expect(composites.map(({ provider }) => provider).sort()).toEqual([usEast1, undefined]);
    expect(alarms.filter(({ provider }) => provider === usEast1).length).toBeGreaterThan(0);
    expect(alarms.filter(({ provider }) => provider === undefined).length).toBeGreaterThan(0);
  });

  it('do not go off for a single event', () => {
    const counts = Object.values(template.resources('aws_cloudwatch_metric_alarm')).filter(
      ({ statistic, comparison_operator: operator }) =>
        statistic === 'Sum' && operator === 'GreaterThanThreshold',
    );
    expect(counts.length).toBeGreaterThan(0);
    for (const { threshold } of counts) expect(threshold).toBeGreaterThanOrEqual(1);
  });
});
