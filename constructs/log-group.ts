import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

export interface LogGroupProps {
  /** The full name of the group. */
  readonly name: string;
  /** The retention, in days; one of the values that CloudWatch allows. */
  readonly retentionDays: number;
  /** The provider of the log group's region. @default - the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * A log group that exists before anything writes to it. A service that finds none creates its own, which has no
 * retention and is in no state.
 */
export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, 'Default', {
      name: props.name,
      retentionInDays: props.retentionDays,
      provider: props.provider,
    });
    this.name = group.name;
    this.arn = group.arn;
  }
}
