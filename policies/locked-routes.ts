import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { openOriginMark } from '../config/names';
import type { Policy } from './policy';
import { rendered } from './rendered';

/** A route without the authorizer bypasses CloudFront and its firewall. */
export const lockedRoutes: Policy = {
  name: 'locked-routes',
  faultsOf: (construct) =>
    construct instanceof Apigatewayv2Route &&
    !isLocked(construct) &&
    !isOpenOnPurpose(construct) &&
    isBehindDistribution(construct)
      ? [
          `the route "${construct.routeKeyInput ?? ''}" of an API behind CloudFront has no authorizer: ` +
            "requests to the API's own address would bypass the firewall; " +
            'set authorizationType CUSTOM and the authorizerId of the edge',
        ]
      : [],
};

function isLocked(route: Apigatewayv2Route): boolean {
  return route.authorizationTypeInput === 'CUSTOM' && route.authorizerIdInput !== undefined;
}

/** @returns whether the table declares that a route, or a construct above it, is open. */
function isOpenOnPurpose({ node }: IConstruct): boolean {
  return node.scopes.some((scope) => scope.node.metadata.some(({ type }) => type === openOriginMark));
}

function isBehindDistribution(route: Apigatewayv2Route): boolean {
  const api = apiIn(route, route.apiIdInput);
  return (
    api !== undefined &&
    TerraformStack.of(route)
      .node.findAll()
      .some((other) => other instanceof CloudfrontDistribution && apiIn(other, other.originInput) === api)
  );
}

/** @returns the address of the API that a configured value refers to. */
function apiIn(construct: IConstruct, value: unknown): string | undefined {
  return /aws_apigatewayv2_api\.[\w-]+/.exec(rendered(construct, value))?.[0];
}
