import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { policyOf } from './reading';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const logRetention = policyOf('log-retention', CloudwatchLogGroup, (group) => [
  (group.retentionInDaysInput ?? 0) > 0
    ? undefined
    : 'the log group keeps its events for ever, so its cost grows every month; set retentionInDays',
]);
