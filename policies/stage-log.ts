import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { policyOf } from './reading';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html */
export const stageLog = policyOf('stage-log', Apigatewayv2Stage, (stage) => [
  stage.accessLogSettingsInput?.destinationArn === undefined
    ? 'requests to the API would not be logged; set accessLogSettings with a log group'
    : undefined,
]);
