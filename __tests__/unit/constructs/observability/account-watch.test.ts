import { ImageScan } from '../../../../constructs/observability/image-scan';
import { MonthlyBudget } from '../../../../constructs/observability/monthly-budget';
import { Template } from '../../../support/template';

const topicArn = 'arn:aws:sns:eu-west-2:111122223333:kairos-prod-alarms';

describe('the budget of a month', () => {
  const budget = Template.from((stack) => {
    new MonthlyBudget(stack, 'Budget', { name: 'kairos-prod', limit: 100, environment: 'prod', topicArn });
  }).resource('aws_budgets_budget');

  it('counts what has the tag of the environment', () => {
    expect(budget.cost_filter).toEqual([{ name: 'TagKeyValue', values: ['user:environment$prod'] }]);
    expect(budget).toMatchObject({ limit_amount: '100', limit_unit: 'USD', time_unit: 'MONTHLY' });
  });

  it('notifies the topic before and after it is exceeded', () => {
    const told = { threshold: 100, threshold_type: 'PERCENTAGE', subscriber_sns_topic_arns: [topicArn] };
    expect(budget.notification).toEqual([
      expect.objectContaining({ ...told, notification_type: 'FORECASTED' }),
      expect.objectContaining({ ...told, notification_type: 'ACTUAL' }),
    ]);
  });
});

describe('the scan of an image', () => {
  const template = Template.from((stack) => {
    new ImageScan(stack, 'Scan', { name: 'kairos-prod-image-scan', repositoryName: 'kairos', topicArn });
  });

  it('sends events for critical findings of this repository only', () => {
    const pattern = String(template.resource('aws_cloudwatch_event_rule').event_pattern);
    for (const part of ['aws.ecr', 'ECR Image Scan', '"kairos"', 'CRITICAL'])
      expect(pattern.replaceAll('\\"', '"')).toContain(part);
  });

  it('sends events to the topic', () => {
    expect(template.resource('aws_cloudwatch_event_target').arn).toBe(topicArn);
  });
});
