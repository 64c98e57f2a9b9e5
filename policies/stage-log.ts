import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { policyOf } from './reading';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html */
export const stageLog = policyOf('stage-log', Apigatewayv2Stage, (stage) => [
  stage.accessLogSettingsInput?.destinationArn === undefined
    ? 'nobody will know who asked the API for what; give accessLogSettings with a log group'
    : undefined,
]);
