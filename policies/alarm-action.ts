import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import type { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from './policy';
import { refersTo, siblingsOf } from './reading';

type AnyAlarm = CloudwatchMetricAlarm | CloudwatchCompositeAlarm;

/**
 * Each alarm notifies a topic in its own region, because AWS refuses another region at apply. An alarm that belongs to
 * a composite alarm notifies nobody; the composite alarm does, and names it:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 */
export const alarmAction: Policy = {
  name: 'alarm-action',
  faultsOf: (construct) => {
    if (!isAlarm(construct)) return [];
    const actions = construct.alarmActionsInput ?? [];
    if (actions.length === 0)
      return isInAComposite(construct)
        ? []
        : ['the alarm notifies nobody; set alarmActions, or add it to a composite alarm'];
    return siblingsOf(construct, SnsTopicPolicy).some(
      (topic) => refersTo(construct, actions, topic) && !isBeside(construct, topic),
    )
      ? [
          'the alarm and its topic are in two regions, which CloudWatch refuses; name the topic of the same provider',
        ]
      : [];
  },
};

const runbook = readFileSync(join(__dirname, '..', 'docs', 'runbook.md'), 'utf8');

/** The anchors that GitHub generates for `## Alarm: …`. */
const sections = new Set([...runbook.matchAll(/^## Alarm: ([\w-]+)$/gm)].map(([, id = '']) => `alarm-${id}`));

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html */
export const alarmRunbook: Policy = {
  name: 'alarm-runbook',
  faultsOf: (construct) => {
    if (!isAlarm(construct)) return [];
    const anchor = /runbook\.md#([\w-]+)$/.exec(construct.alarmDescriptionInput ?? '')?.[1];
    if (anchor === undefined)
      return [
        'the notification would not say what to do; let alarmDescription end with the section of docs/runbook.md',
      ];
    return sections.has(anchor)
      ? []
      : [
          `its description names the section #${anchor}, which docs/runbook.md does not have; write that section`,
        ];
  },
};

function isAlarm(construct: IConstruct): construct is AnyAlarm {
  return construct instanceof CloudwatchMetricAlarm || construct instanceof CloudwatchCompositeAlarm;
}

function isInAComposite(alarm: AnyAlarm): boolean {
  return siblingsOf(alarm, CloudwatchCompositeAlarm).some(
    (composite) =>
      composite !== alarm &&
      refersTo(composite, [composite.alarmRuleInput, composite.actionsSuppressorInput?.alarm], alarm),
  );
}

function isBeside(alarm: TerraformResource, topic: TerraformResource): boolean {
  return alarm.provider === topic.provider;
}
