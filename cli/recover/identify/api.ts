import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { everyItem } from '../../every-item';
import { ifThere } from './gone';
import { type Finder, only, type Wanted } from './identity';

/** Finds the parts of an API. Their import ids consist of the API's id and their own. */
function ofApi(
  what: string,
  find: (api: ApiGatewayV2Client, ApiId: string, wanted: Wanted) => Promise<readonly string[]>,
): Finder {
  return async (wanted) => {
    const api = await wanted.text('api_id');
    if (api === undefined) return undefined;
    const ids = await find(await wanted.clients.api(), api, wanted);
    return only(
      ids.map((id) => ({ id: `${api}/${id}`, attributes: { id } })),
      what,
    );
  };
}

/**
 * @returns the ARN of the function that an integration invokes, with its alias. API Gateway accepts it in two forms.
 */
function functionIn(uri: string): string {
  return /arn:[\w-]+:lambda:[^/]+/.exec(uri)?.[0] ?? uri;
}

/** An API and its parts, whose ids AWS generates. */
export const apiTypes: Readonly<Record<string, Finder>> = {
  aws_apigatewayv2_api: async (wanted) => {
    const { GetApisCommand } = await import('@aws-sdk/client-apigatewayv2');
    const name = await wanted.text('name');
    const client = await wanted.clients.api();
    const apis = await everyItem((NextToken) => client.send(new GetApisCommand({ NextToken })));
    const found = apis.filter(({ Name }) => Name === name).flatMap(({ ApiId }) => ApiId ?? []);
    return only(
      found.filter((id) => !wanted.isHeld(id)).map((id) => ({ id })),
      `APIs named ${name}`,
    );
  },
  aws_apigatewayv2_integration: ofApi('integrations', async (client, ApiId, wanted) => {
    const { GetIntegrationsCommand } = await import('@aws-sdk/client-apigatewayv2');
    const uri = await wanted.text('integration_uri');
    // It is created after its target.
    if (uri === undefined) return [];
    const found = await ifThere(
      everyItem((NextToken) => client.send(new GetIntegrationsCommand({ ApiId, NextToken }))),
    );
    // An imported API also has the one of its earlier stack, which is needed to go back to that stack.
    return (found ?? [])
      .filter(({ IntegrationUri = '' }) => functionIn(IntegrationUri) === functionIn(uri))
      .flatMap(({ IntegrationId }) => IntegrationId ?? []);
  }),
  aws_apigatewayv2_route: ofApi('routes', async (client, ApiId, wanted) => {
    const { GetRoutesCommand } = await import('@aws-sdk/client-apigatewayv2');
    const found = await ifThere(
      everyItem((NextToken) => client.send(new GetRoutesCommand({ ApiId, NextToken }))),
    );
    const key = await wanted.text('route_key');
    return (found ?? []).filter(({ RouteKey }) => RouteKey === key).flatMap(({ RouteId }) => RouteId ?? []);
  }),
  aws_apigatewayv2_authorizer: ofApi('authorizers', async (client, ApiId, wanted) => {
    const { GetAuthorizersCommand } = await import('@aws-sdk/client-apigatewayv2');
    const found = await ifThere(
      everyItem((NextToken) => client.send(new GetAuthorizersCommand({ ApiId, NextToken }))),
    );
    const name = await wanted.text('name');
    return (found ?? [])
      .filter(({ Name }) => Name === name)
      .flatMap(({ AuthorizerId }) => AuthorizerId ?? []);
  }),
};
