import { GetAuthorizersCommand, GetRoutesCommand } from '@aws-sdk/client-apigatewayv2';
import { GetDistributionConfigCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { expectSuccess, type Project } from './project';

const outputsSchema = z.record(z.string(), z.object({ value: z.string() }));

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What AWS returns for the edge of a deployed environment. */
export function inspector(project: Project, stack: string) {
  const aws = project.clients();
  return {
    async apiId(): Promise<string> {
      const { stdout } = expectSuccess(await project.terraform(stack, ['output', '-json']));
      const { api_endpoint: endpoint } = outputsSchema.parse(JSON.parse(stdout));
      return new URL(endpoint?.value ?? '').hostname.split('.')[0] ?? '';
    },
    async distribution() {
      const { DistributionList } = await aws.cloudfront.send(new ListDistributionsCommand({}));
      const found = DistributionList?.Items?.filter(({ Comment }) => Comment === stack) ?? [];
      if (found[0] === undefined) return undefined;
      return aws.cloudfront.send(new GetDistributionConfigCommand({ Id: found[0].Id }));
    },
    async routes() {
      const { Items } = await aws.api.send(new GetRoutesCommand({ ApiId: await this.apiId() }));
      return (Items ?? []).map(({ AuthorizationType, AuthorizerId }) => ({
        AuthorizationType,
        AuthorizerId,
      }));
    },
    async authorizers() {
      const { Items } = await aws.api.send(new GetAuthorizersCommand({ ApiId: await this.apiId() }));
      return Items ?? [];
    },
    async admittedHashes(): Promise<readonly string[]> {
      const { Configuration } = await aws.lambda.send(
        new GetFunctionCommand({ FunctionName: `${stack}-authorizer` }),
      );
      return (Configuration?.Environment?.Variables?.KAIROS_ORIGIN_HASHES ?? '').split(',');
    },
    /** The secret that CloudFront sends. */
    async sentSecret(): Promise<string | undefined> {
      const config = (await this.distribution())?.DistributionConfig;
      return config?.Origins?.Items?.[0]?.CustomHeaders?.Items?.[0]?.HeaderValue;
    },
  };
}
