import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

/** Who is notified of an alarm. */
export interface Subscription {
  /** For `email` the owner of the mailbox has to confirm, and for `https` the server. */
  readonly protocol: 'email' | 'https';
  /** A mail address, or a URL that begins with `https://`. */
  readonly endpoint: string;
}

/** A service of AWS that publishes to the topic by itself. */
export type Publisher = 'cloudwatch' | 'events' | 'budgets';

export interface TopicProps {
  /** The topic's name, and its key's alias. */
  readonly name: string;
  /** The account, 12 digits. */
  readonly accountId: string;
  /** @default - the stack's own */
  readonly provider?: TerraformProvider;
  /** The services that publish to the topic. No other service may. */
  readonly publishers: readonly Publisher[];
  readonly subscriptions: readonly Subscription[];
}

/** How many days a deleted key can be restored. The minimum, because it encrypts nothing that is stored. */
const deletionWindowDays = 7;

/** The topic of the alarms. It has its own key, because no AWS service may use the default key of SNS. */
export class Topic extends Construct {
  /** The topic's ARN. It is available once the services may publish to the topic. */
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TopicProps,
  ) {
    super(scope, id);
    const { name, provider } = props;
    const topic = new SnsTopic(this, 'Default', { provider, name, kmsMasterKeyId: this.createKey() });
    const policy = new SnsTopicPolicy(this, 'Policy', {
      provider,
      arn: topic.arn,
      policy: this.topicDocument(topic.arn),
    });
    this.arn = policy.arn;
    this.createSubscriptions();
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services */
  private createKey(): string {
    const { accountId, name, provider } = this.props;
    const document = new DataAwsIamPolicyDocument(this, 'KeyDocument', {
      provider,
      statement: [
        {
          sid: 'RightsOfTheAccountDecide',
          principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${accountId}:root`] }],
          actions: ['kms:*'],
          resources: ['*'],
        },
        {
          ...this.fromPublishers('PublishersEncrypt'),
          actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
          resources: ['*'],
        },
      ],
    });
    const key = new KmsKey(this, 'Key', {
      provider,
      description: `Messages of the topic ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: deletionWindowDays,
      policy: document.json,
    });
    new KmsAlias(this, 'KeyAlias', { provider, name: `alias/${name}`, targetKeyId: key.keyId });
    return key.arn;
  }

  private topicDocument(topicArn: string): string {
    const document = new DataAwsIamPolicyDocument(this, 'TopicDocument', {
      provider: this.props.provider,
      statement: [
        {
          ...this.fromPublishers('PublishersPublish'),
          actions: ['sns:Publish'],
          resources: [topicArn],
        },
        {
          sid: 'TlsOnly',
          effect: 'Deny',
          principals: [{ type: '*', identifiers: ['*'] }],
          actions: ['sns:Publish'],
          resources: [topicArn],
          condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
        },
      ],
    });
    return document.json;
  }

  /** Only on behalf of this account: the same services act for all accounts. */
  private fromPublishers(sid: string): DataAwsIamPolicyDocumentStatement {
    const { accountId, publishers } = this.props;
    return {
      sid,
      principals: [
        { type: 'Service', identifiers: publishers.map((publisher) => `${publisher}.amazonaws.com`) },
      ],
      condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: [accountId] }],
    };
  }

  private createSubscriptions(): void {
    for (const { protocol, endpoint } of this.props.subscriptions) {
      new SnsTopicSubscription(this, `Subscription-${protocol}-${endpoint.replace(/[^\w.-]+/g, '-')}`, {
        provider: this.props.provider,
        topicArn: this.arn,
        protocol,
        endpoint,
      });
    }
  }
}
