import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import type { Policy } from './policy';

interface Throttle {
  readonly throttlingRateLimit?: number;
  readonly throttlingBurstLimit?: number;
}

/** https://github.com/hashicorp/terraform-provider-aws/issues/14742 */
export const stageThrottle: Policy = {
  name: 'stage-throttle',
  faultsOf: (construct) =>
    construct instanceof Apigatewayv2Stage ? faultsOfThrottle(construct.defaultRouteSettingsInput) : [],
};

function faultsOfThrottle(settings: Throttle = {}): readonly string[] {
  return (['throttlingRateLimit', 'throttlingBurstLimit'] as const)
    .filter((limit) => !((settings[limit] ?? 0) > 0))
    .map(
      (limit) =>
        `defaultRouteSettings.${limit} is ${settings[limit] ?? 'missing'}: ` +
        'a missing limit is 0, so every request is answered with 429; set a number above 0',
    );
}
