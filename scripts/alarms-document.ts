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

/** Every alarm that an environment can have, with production's thresholds and with every knob on. */
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
    'Written by `npm run docs:alarms` from constructs/observability, with the values of production and every knob on.',
    'What to do about each stands in [the runbook](runbook.md). `page`: the service is hurt now. `look`: in the next days.',
    'What is part of an alarm of alarms (`…-broken`) leaves it to that one to tell, and `kairos release`, `promote`,',
    '`rollback` and the pipelines (`kairos pipeline apply`) keep those silent while they work: what they cause is told when',
    'they fail, or still rings afterwards. `npx cdktf deploy` by hand keeps nothing silent',
    '([why](decisions/0021-a-deploy-by-hand-is-heard.md)).',
    ...Object.entries(everyAlarm()).flatMap(([region, { alarms, composites, suppressor }]) => [
      '',
      `## In ${region}`,
      '',
      '| alarm | severity | measure | rings when | no value means | says |',
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
