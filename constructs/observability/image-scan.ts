import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface ImageScanProps {
  /** The rule's name. */
  readonly name: string;
  /** The repository whose images are scanned when they are pushed. */
  readonly repositoryName: string;
  /** The topic that receives the findings. EventBridge must be among its publishers. */
  readonly topicArn: string;
}

/**
 * Notifies when a scan finds a serious vulnerability in an image.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export class ImageScan extends Construct {
  constructor(scope: Construct, id: string, { name, repositoryName, topicArn }: ImageScanProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, 'Default', {
      name,
      description: `Critical findings in images of ${repositoryName}`,
      eventPattern: Fn.jsonencode({
        source: ['aws.ecr'],
        'detail-type': ['ECR Image Scan'],
        detail: {
          'repository-name': [repositoryName],
          // The member exists only if there is such a finding.
          'finding-severity-counts': { CRITICAL: [{ numeric: ['>', 0] }] },
        },
      }),
    });
    // A fixed id. A generated id could not be found again, and a second target would send every message twice.
    new CloudwatchEventTarget(this, 'Target', { rule: rule.name, targetId: 'topic', arn: topicArn });
  }
}
