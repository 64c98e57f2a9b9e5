import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';

export interface BackendRoutesProps {
  /** The API that gets the routes. */
  readonly api: Apigatewayv2Api;
  /** The alias that answers requests. */
  readonly alias: LambdaAlias;
  /** How long the gateway waits for a response, in seconds; at most 30. */
  readonly timeout: number;
  /**
   * The authorizer of every route.
   * @default - the routes are open to everybody who knows the API's address
   */
  readonly authorizer?: { readonly id: string };
}

/** `ANY /{proxy+}` does not match the root itself, so there are two. */
const routes = [
  { id: 'Root', key: 'ANY /' },
  { id: 'Proxy', key: 'ANY /{proxy+}' },
] as const;

/**
 * All paths of an API, answered by one alias. The integration, the routes and the permission to invoke are created
 * together, so that none of them can be missing.
 */
export class BackendRoutes extends Construct {
  constructor(scope: Construct, id: string, props: BackendRoutesProps) {
    super(scope, id);
    const integration = this.createIntegration(props);
    const permission = this.createPermission(props);
    for (const route of routes) {
      new Apigatewayv2Route(this, route.id, {
        apiId: props.api.id,
        routeKey: route.key,
        target: `integrations/${integration.id}`,
        authorizationType: props.authorizer === undefined ? 'NONE' : 'CUSTOM',
        authorizerId: props.authorizer?.id,
        // An existing route already serves clients, so the permission to invoke must exist before the route changes its
        // target.
        dependsOn: [permission],
      });
    }
  }

  private createIntegration({ api, alias, timeout }: BackendRoutesProps): Apigatewayv2Integration {
    return new Apigatewayv2Integration(this, 'Default', {
      apiId: api.id,
      integrationType: 'AWS_PROXY',
      integrationUri: alias.invokeArn,
      payloadFormatVersion: '2.0',
      timeoutMilliseconds: timeout * 1000,
    });
  }

  private createPermission({ api, alias }: BackendRoutesProps): LambdaPermission {
    return new LambdaPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: alias.functionName,
      qualifier: alias.name,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/*/*`,
    });
  }
}
