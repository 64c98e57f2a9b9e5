import type { ApiGatewayV2Client, GetApiResponse } from '@aws-sdk/client-apigatewayv2';
import { everyItem } from '../every-item';
import { ifThere } from '../recover/identify/gone';

export interface LiveRoute {
  readonly id: string;
  /** Method and path: `ANY /{proxy+}`. */
  readonly key: string;
  /** `integrations/…` */
  readonly target: string;
  /** NONE, JWT, CUSTOM or AWS_IAM. */
  readonly authorization: string;
}

export interface LiveStage {
  readonly name: string;
  /** Whether each change of the API is deployed automatically, or the stage serves one deployment. */
  readonly follows: boolean;
  /** Its settings that differ from the table, as text. */
  readonly own: readonly string[];
}

/** A domain name of a stage. */
export interface LiveMapping {
  readonly domain: string;
  readonly stage: string;
  /** The first part of the path; an empty string is every path. */
  readonly path: string;
}

/** An existing HTTP or WebSocket API. */
export interface LiveApi {
  readonly id: string;
  readonly name: string;
  /** With the scheme, without a slash at its end. */
  readonly endpoint: string;
  readonly protocol: string;
  /** Whether its execute-api address is enabled. */
  readonly isOpen: boolean;
  readonly hasCors: boolean;
  readonly description: string;
  readonly routes: readonly LiveRoute[];
  readonly stages: readonly LiveStage[];
  readonly mappings: readonly LiveMapping[];
}

/** @returns undefined if there is no API with this id. */
export async function readApi(client: ApiGatewayV2Client, ApiId: string): Promise<LiveApi | undefined> {
  const { GetApiCommand } = await import('@aws-sdk/client-apigatewayv2');
  const api = await ifThere(client.send(new GetApiCommand({ ApiId })));
  if (api === undefined) return undefined;
  const [routes, stages, mappings] = await Promise.all([
    readRoutes(client, ApiId),
    readStages(client, ApiId),
    readMappings(client, ApiId),
  ]);
  return { ...described(ApiId, api), routes, stages, mappings };
}

function described(id: string, api: GetApiResponse): Omit<LiveApi, 'routes' | 'stages' | 'mappings'> {
  return {
    id,
    name: api.Name ?? '',
    endpoint: api.ApiEndpoint ?? '',
    protocol: api.ProtocolType ?? '',
    isOpen: api.DisableExecuteApiEndpoint !== true,
    hasCors: api.CorsConfiguration !== undefined,
    description: api.Description ?? '',
  };
}

async function readRoutes(client: ApiGatewayV2Client, ApiId: string): Promise<readonly LiveRoute[]> {
  const { GetRoutesCommand } = await import('@aws-sdk/client-apigatewayv2');
  const found = await everyItem((NextToken) => client.send(new GetRoutesCommand({ ApiId, NextToken })));
  return found.map(({ RouteId = '', RouteKey = '', Target = '', AuthorizationType = 'NONE' }) => ({
    id: RouteId,
    key: RouteKey,
    target: Target,
    authorization: AuthorizationType,
  }));
}

async function readStages(client: ApiGatewayV2Client, ApiId: string): Promise<readonly LiveStage[]> {
  const { GetStagesCommand } = await import('@aws-sdk/client-apigatewayv2');
  const found = await everyItem((NextToken) => client.send(new GetStagesCommand({ ApiId, NextToken })));
  return found.map((stage) => ({
    name: stage.StageName ?? '',
    follows: stage.AutoDeploy === true,
    own: [
      ...(Object.keys(stage.StageVariables ?? {}).length > 0 ? ['its variables'] : []),
      ...(Object.keys(stage.RouteSettings ?? {}).length > 0 ? ['its settings of single routes'] : []),
      ...(stage.AccessLogSettings?.DestinationArn === undefined ? [] : ['its access log']),
      ...(stage.Description ? ['its description'] : []),
    ],
  }));
}

/** Domain names belong to the account, so each must be asked for its API. */
async function readMappings(client: ApiGatewayV2Client, ApiId: string): Promise<readonly LiveMapping[]> {
  const { GetApiMappingsCommand, GetDomainNamesCommand } = await import('@aws-sdk/client-apigatewayv2');
  const domains = await everyItem((NextToken) => client.send(new GetDomainNamesCommand({ NextToken })));
  const mappings = await Promise.all(
    domains.map(async ({ DomainName: domain = '' }) => {
      const found = await everyItem((NextToken) =>
        client.send(new GetApiMappingsCommand({ DomainName: domain, NextToken })),
      );
      return found
        .filter((each) => each.ApiId === ApiId)
        .map(({ Stage = '', ApiMappingKey = '' }) => ({ domain, stage: Stage, path: ApiMappingKey }));
    }),
  );
  return mappings.flat();
}
