import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { rendered } from './rendered';
import { policyOf, siblingsOf } from './reading';

/** A function that shares its role has the permissions of another function. */
export const functionRole = policyOf('function-role', LambdaFunction, (own) => [
  siblingsOf(own, LambdaFunction).some(
    (other) => other !== own && rendered(other, other.roleInput) === rendered(own, own.roleInput),
  )
    ? 'the function shares its role with another one, so it has permissions that it does not need; give it its own role'
    : undefined,
]);

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html */
export const functionLog = policyOf('function-log', LambdaFunction, (own) => [
  own.loggingConfigInput?.logGroup === undefined
    ? 'the function would create its own log group, which keeps its events for ever; name one in loggingConfig'
    : undefined,
]);

/** https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
export const functionTracing = policyOf('function-tracing', LambdaFunction, (own) => [
  own.tracingConfigInput?.mode === 'Active'
    ? undefined
    : 'without traces, a slow function cannot be distinguished from a slow database; set tracingConfig.mode Active',
]);
