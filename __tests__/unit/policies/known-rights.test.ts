import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { TerraformStack } from 'cdktf';
import { resolve } from 'node:path';
import { knownRights } from '../../../policies/known-rights';
import { synthesizedStacks } from '../../support/synthesized';
import { testApp } from '../../support/template';

describe('known-rights', () => {
  it('refuses a resource for which the deploy role has no rights', () => {
    const queue = new SqsQueue(new TerraformStack(testApp(), 'kairos-dev'), 'Queue');
    expect(knownRights.faultsOf(queue).join()).toContain('aws_sqs_queue');
    expect(knownRights.faultsOf(queue).join()).toContain('environmentActions in aws/actions.ts');
  });

  it('refuses in the foundation what only an environment may have', () => {
    const alarm = (stack: string) =>
      new CloudwatchMetricAlarm(new TerraformStack(testApp(), stack), 'Alarm', {
        alarmName: 'a',
        comparisonOperator: 'GreaterThanThreshold',
        evaluationPeriods: 1,
      });
    expect(knownRights.faultsOf(alarm('kairos-dev'))).toEqual([]);
    expect(knownRights.faultsOf(alarm('kairos-foundation'))).toHaveLength(1);
  });

  it('knows whatever the stacks hold today', () => {
    expect(Object.keys(synthesizedStacks(resolve(__dirname, '../../..')))).toContain('kairos-prod');
  });
});
