import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { TerraformStack } from 'cdktf';
import { join, resolve } from 'node:path';
import { environmentNames, foundationStackName, imageStackName, namesOf } from '../../../config/names';
import { application } from '../../../main';
import { knownRights } from '../../../policies/known-rights';
import { testApp } from '../../support/template';

describe('known-rights', () => {
  it('refuses a resource for which the deploy role has no permissions', () => {
    const queue = new SqsQueue(new TerraformStack(testApp(), 'kairos-dev'), 'Queue');
    expect(knownRights.faultsOf(queue).join()).toContain('aws_sqs_queue');
    expect(knownRights.faultsOf(queue).join()).toContain('environmentActions in aws/actions.ts');
  });

  it('refuses resources in the foundation that only an environment may have', () => {
    const alarm = (stack: string) =>
      new CloudwatchMetricAlarm(new TerraformStack(testApp(), stack), 'Alarm', {
        alarmName: 'a',
        comparisonOperator: 'GreaterThanThreshold',
        evaluationPeriods: 1,
      });
    expect(knownRights.faultsOf(alarm('kairos-dev'))).toEqual([]);
    expect(knownRights.faultsOf(alarm('kairos-foundation'))).toHaveLength(1);
    expect(knownRights.faultsOf(alarm('kairos-foundation-prod'))).toHaveLength(1);
  });

  describe('with the real application', () => {
    const backend = process.env.KAIROS_BACKEND_PATH;

    beforeAll(() => {
      // Without a backend's source, the stack of the image does not exist.
      process.env.KAIROS_BACKEND_PATH = join(resolve(__dirname, '../../..'), 'examples', 'backend');
    });

    afterAll(() => {
      if (backend === undefined) delete process.env.KAIROS_BACKEND_PATH;
      else process.env.KAIROS_BACKEND_PATH = backend;
    });

    it('accepts all resources of the five stacks, and refuses any other one in each of them', () => {
      const stacks = application().node.children.filter((child) => TerraformStack.isStack(child));
      expect(stacks.map(({ node }) => node.id).sort()).toEqual(
        [foundationStackName, imageStackName, ...environmentNames.map((name) => namesOf(name).stack)].sort(),
      );
      for (const stack of stacks) {
        const faults = () => stack.node.findAll().flatMap((construct) => knownRights.faultsOf(construct));
        expect(faults()).toEqual([]);
        new SqsQueue(stack, 'Queue');
        expect(faults()).toHaveLength(1);
      }
    });
  });
});
