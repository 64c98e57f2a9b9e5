import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuration } from '../config/environments';
import {
  type Alarm,
  type CompositeAlarm,
  type Measure,
  runbookAnchor,
} from '../constructs/observability/alarm';
import { type AlarmSet, backendAlarmSet, edgeAlarmSet } from '../constructs/observability/observability';

const file = join(__dirname, '..', 'docs', 'alarms.md');

/** Every alarm that an environment can have, with production's thresholds and with every optional setting enabled. */
function everyAlarm(): Readonly<Record<string, AlarmSet>> {
  const { function: backend, gateway } = configuration.environments.prod;
  return {
    [configuration.region]: backendAlarmSet({
      name: '<environment>',
      function: {
        ...backend,
        name: '<function>',
        alias: '<alias>',
        provisionedConcurrency: 1,
        silenceLimit: 6,
      },
      api: { id: '<api>', stage: '$default', timeout: gateway.timeout },
      account: { concurrencyQuota: configuration.accountConcurrency ?? 1000, repositoryName: '<repository>' },
    }),
    'us-east-1': edgeAlarmSet('<environment>', {
      distributionId: '<distribution>',
      webAclMetric: '<web ACL>',
      healthCheckId: '<health check>',
      certificateArn: '<certificate>',
    }),
  };
}

/** @returns the text of docs/alarms.md. */
export function alarmsDocument(): string {
  return [
    '# Alarms',
    '',
    '`npm run docs:alarms` generates this page from constructs/observability, with the values of production and with every',
    'optional setting enabled. [The runbook](runbook.md) says what to do about each alarm. `page`: act now, users are affected.',
    '`look`: act within the next days.',
    '',
    'An alarm that belongs to a composite alarm (`…-broken`) sends no notification of its own; the composite alarm sends it.',
    '`kairos release`, `promote`, `rollback` and the pipelines (`kairos pipeline apply`) suppress the composite alarms while',
    'they run. If the command fails, or an alarm still rings after it, the composite alarm notifies. `npx cdktf deploy` by hand',
    'suppresses nothing ([why](decisions/0021-a-deploy-by-hand-is-heard.md)).',
    ...Object.entries(everyAlarm()).flatMap(([region, { alarms, composites, suppressor }]) => [
      '',
      `## In ${region}`,
      '',
      '| alarm | severity | measure | rings when | missing data | description |',
      '| --- | --- | --- | --- | --- | --- |',
      ...[...alarms, suppressor].map(alarmRow),
      ...composites.map(compositeRow),
    ]),
    '',
  ].join('\n');
}

function alarmRow(alarm: Alarm): string {
  const { bad, threshold, unit, period, periods = 1, datapoints = periods, missing = 'notBreaching' } = alarm;
  const when = `${bad} ${threshold} ${unit}, in ${datapoints} of ${periods} × ${period} s`;
  return row([link(alarm), alarm.severity, measured(alarm.measure), when, missing, alarm.says]);
}

function compositeRow(composite: CompositeAlarm): string {
  return row([
    link(composite),
    composite.severity,
    'other alarms',
    `any rings of ${composite.anyOf.join(', ')}`,
    '',
    composite.says,
  ]);
}

function measured(measure: Measure): string {
  if ('metric' in measure)
    return `${measure.metric.statistic} of ${measure.metric.namespace} ${measure.metric.name}`;
  const names = Object.entries(measure.metrics).map(
    ([id, { namespace, name, statistic }]) => `${id} = ${statistic} of ${namespace} ${name}`,
  );
  return `\`${measure.expression}\`; ${names.join(', ')}`;
}

function link(alarm: Alarm | CompositeAlarm): string {
  return `[${alarm.id}](runbook.md#${runbookAnchor(alarm)})`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (require.main === module) writeFileSync(file, alarmsDocument());
