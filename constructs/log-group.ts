import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

export interface LogGroupProps {
  /** The full name of the group. */
  readonly name: string;
  /** How long events are kept, in days; one of the values that CloudWatch knows. */
  readonly retentionDays: number;
  /** The provider of the region that the group lies in. @default - the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * A log group that exists before whatever writes to it: a service that finds none makes its own, which
 * keeps events for ever and is in nobody's state.
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
