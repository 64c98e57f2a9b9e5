import { Topic, type TopicProps } from '../../../../constructs/observability/topic';
import { Template } from '../../../support/template';

const props: TopicProps = {
  name: 'kairos-prod-alarms',
  accountId: '111122223333',
  publishers: ['cloudwatch', 'budgets'],
  subscriptions: [
    { protocol: 'email', endpoint: 'alarms@example.com' },
    { protocol: 'https', endpoint: 'https://pager.example.com/hook' },
  ],
};

const template = Template.from((stack) => {
  new Topic(stack, 'Topic', props);
});
const statements = template.policyStatements();
const statement = (sid: string) => statements.find((each) => each.sid === sid);

describe('a topic', () => {
  it('is encrypted with its own key, which is rotated', () => {
    expect(template.resource('aws_sns_topic').kms_master_key_id).toContain('aws_kms_key.');
    expect(template.resource('aws_kms_key').enable_key_rotation).toBe(true);
  });

  it.each(['PublishersEncrypt', 'PublishersPublish'])(
    'admits only its publishers, on behalf of its account only: %s',
    (sid) => {
      expect(statement(sid)).toMatchObject({
        principals: [{ type: 'Service', identifiers: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'] }],
        condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: ['111122223333'] }],
      });
    },
  );

  it('lets them encrypt and publish, and nothing else', () => {
    expect(statement('PublishersEncrypt')?.actions).toEqual(['kms:GenerateDataKey*', 'kms:Decrypt']);
    expect(statement('PublishersPublish')?.actions).toEqual(['sns:Publish']);
  });

  it('refuses requests without TLS', () => {
    expect(statement('TlsOnly')).toMatchObject({
      effect: 'Deny',
      condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
    });
  });

  it('has each subscription of the table', () => {
    expect(Object.values(template.resources('aws_sns_topic_subscription'))).toEqual([
      expect.objectContaining({ protocol: 'email', endpoint: 'alarms@example.com' }),
      expect.objectContaining({ protocol: 'https', endpoint: 'https://pager.example.com/hook' }),
    ]);
  });
});
