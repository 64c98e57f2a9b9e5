import { rememberCalls } from '../../aws-calls';
import type { ClientOptions } from '../../aws';

/** The clients of the services whose resources have generated ids. Each is created when it is first needed. */
export interface Clients {
  readonly api: () => Promise<import('@aws-sdk/client-apigatewayv2').ApiGatewayV2Client>;
  readonly acm: () => Promise<import('@aws-sdk/client-acm').ACMClient>;
  readonly cloudfront: () => Promise<import('@aws-sdk/client-cloudfront').CloudFrontClient>;
  readonly kms: () => Promise<import('@aws-sdk/client-kms').KMSClient>;
  readonly lambda: () => Promise<import('@aws-sdk/client-lambda').LambdaClient>;
  readonly logs: () => Promise<import('@aws-sdk/client-cloudwatch-logs').CloudWatchLogsClient>;
  readonly route53: () => Promise<import('@aws-sdk/client-route-53').Route53Client>;
  readonly ssm: () => Promise<import('@aws-sdk/client-ssm').SSMClient>;
  readonly waf: () => Promise<import('@aws-sdk/client-wafv2').WAFV2Client>;
}

/** @param options for the resource's own region. */
export function clientsOf(options: ClientOptions): Clients {
  return {
    api: async () => {
      const { ApiGatewayV2Client } = await import('@aws-sdk/client-apigatewayv2');
      return remembering(new ApiGatewayV2Client(options));
    },
    acm: async () => {
      const { ACMClient } = await import('@aws-sdk/client-acm');
      return remembering(new ACMClient(options));
    },
    cloudfront: async () => {
      const { CloudFrontClient } = await import('@aws-sdk/client-cloudfront');
      return remembering(new CloudFrontClient(options));
    },
    kms: async () => {
      const { KMSClient } = await import('@aws-sdk/client-kms');
      return remembering(new KMSClient(options));
    },
    lambda: async () => {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      return remembering(new LambdaClient(options));
    },
    logs: async () => {
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      return remembering(new CloudWatchLogsClient(options));
    },
    route53: async () => {
      const { Route53Client } = await import('@aws-sdk/client-route-53');
      return remembering(new Route53Client(options));
    },
    ssm: async () => {
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      return remembering(new SSMClient(options));
    },
    waf: async () => {
      const { WAFV2Client } = await import('@aws-sdk/client-wafv2');
      return remembering(new WAFV2Client(options));
    },
  };
}

interface WithMiddleware {
  readonly middlewareStack: {
    readonly add: (middleware: typeof rememberCalls, options: { step: 'initialize' }) => void;
  };
}

function remembering<T extends WithMiddleware>(client: T): T {
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return client;
}
