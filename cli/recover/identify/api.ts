import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
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
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new GetApisCommand({ NextToken }));
      for (const { ApiId, Name } of page.Items ?? []) {
        if (ApiId !== undefined && Name === name && !wanted.isHeld(ApiId)) found.push(ApiId);
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return only(
      found.map((id) => ({ id })),
      `APIs named ${name}`,
    );
  },
  aws_apigatewayv2_integration: ofApi('integrations', async (client, ApiId, wanted) => {
    const { GetIntegrationsCommand } = await import('@aws-sdk/client-apigatewayv2');
    const uri = await wanted.text('integration_uri');
    // It is created after its target.
    if (uri === undefined) return [];
    const page = await ifThere(client.send(new GetIntegrationsCommand({ ApiId })));
    // An imported API also has the one of its earlier stack, which is needed to go back to that stack.
    return (page?.Items ?? [])
      .filter(({ IntegrationUri = '' }) => functionIn(IntegrationUri) === functionIn(uri))
      .flatMap(({ IntegrationId }) => IntegrationId ?? []);
  }),
  aws_apigatewayv2_route: ofApi('routes', async (client, ApiId, wanted) => {
    const { GetRoutesCommand } = await import('@aws-sdk/client-apigatewayv2');
    const page = await ifThere(client.send(new GetRoutesCommand({ ApiId })));
    const key = await wanted.text('route_key');
    return (page?.Items ?? [])
      .filter(({ RouteKey }) => RouteKey === key)
      .flatMap(({ RouteId }) => RouteId ?? []);
  }),
  aws_apigatewayv2_authorizer: ofApi('authorizers', async (client, ApiId, wanted) => {
    const { GetAuthorizersCommand } = await import('@aws-sdk/client-apigatewayv2');
    const page = await ifThere(client.send(new GetAuthorizersCommand({ ApiId })));
    const name = await wanted.text('name');
    return (page?.Items ?? [])
      .filter(({ Name }) => Name === name)
      .flatMap(({ AuthorizerId }) => AuthorizerId ?? []);
  }),
};
