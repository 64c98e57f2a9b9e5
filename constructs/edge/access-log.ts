import type { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { CloudwatchLogDelivery } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery';
import { CloudwatchLogDeliveryDestination } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination';
import { CloudwatchLogDeliverySource } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-source';
import { type TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { LogGroup } from '../log-group';

export interface AccessLogProps {
  /** The name of the delivery source and destination. */
  readonly name: string;
  /** The name of the log group. */
  readonly logGroupName: string;
  /** The distribution whose requests are logged. */
  readonly distribution: CloudfrontDistribution;
  /** A provider in us-east-1, from where CloudFront delivers its logs. */
  readonly provider: TerraformProvider;
  /** The retention of the log, in days. */
  readonly retentionDays: number;
}

/**
 * The fields of a line. Query strings, cookies and referrers are left out, because they can contain tokens.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
const recordFields = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs(User-Agent)',
  'x-edge-result-type',
  'x-edge-request-id',
  'x-host-header',
  'cs-protocol',
  'cs-bytes',
  'time-taken',
  'x-forwarded-for',
  'ssl-protocol',
  'ssl-cipher',
  'x-edge-response-result-type',
  'cs-protocol-version',
  'time-to-first-byte',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'sc-content-len',
];

/**
 * One JSON line per viewer request, in a log group. The older method, files in a bucket, needs a bucket with access
 * control lists, which AWS advises against, and cannot leave out fields.
 */
export class AccessLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: AccessLogProps) {
    super(scope, id);
    const { provider } = props;
    this.logGroup = new LogGroup(this, 'Default', {
      name: props.logGroupName,
      retentionDays: props.retentionDays,
      provider,
    });
    const source = new CloudwatchLogDeliverySource(this, 'Source', {
      provider,
      name: props.name,
      logType: 'ACCESS_LOGS',
      resourceArn: props.distribution.arn,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, 'Destination', {
      provider,
      name: props.name,
      outputFormat: 'json',
      deliveryDestinationConfiguration: [{ destinationResourceArn: this.logGroup.arn }],
    });
    new CloudwatchLogDelivery(this, 'Delivery', {
      provider,
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields,
      lifecycle: { replaceTriggeredBy: [this.createFieldList()] },
    });
  }

  /**
   * When the provider updates a delivery, it sends a request that AWS refuses. So a changed list replaces the delivery:
   * https://github.com/hashicorp/terraform-provider-aws/issues/46108
   * @returns the address of the resource that contains the list.
   */
  private createFieldList(): string {
    const list = new TerraformResource(this, 'Fields', { terraformResourceType: 'terraform_data' });
    list.addOverride('input', recordFields);
    // In JSON, Terraform expects a plain address here, without `${}`.
    return `${list.terraformResourceType}.${list.friendlyUniqueId}`;
  }
}
