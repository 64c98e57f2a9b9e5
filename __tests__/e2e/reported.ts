import {
  GetApiCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetAliasCommand, GetFunctionCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { configuration } from '../../config/environments';
import { secretNames, stateBucketName, stateOwners } from '../../config/names';
import { settingsOf } from '../../config/settings';
import { expectSuccess, type Project } from '../support/project';
import { e2eCloud } from '../support/shared-cloud';

/** What AWS reports for an environment that was just deployed. */
export function describeReported(project: Project): void {
  const aws = project.clients();
  const outputs: Record<string, string> = {};
  let planned: readonly string[] | undefined;

  beforeAll(async () => {
    planned = await project.planned('kairos-prod');
    const { stdout } = expectSuccess(await project.terraform('kairos-prod', ['output', '-json']));
    const parsed = z.record(z.string(), z.object({ value: z.string() })).parse(JSON.parse(stdout));
    for (const [name, { value }] of Object.entries(parsed)) outputs[name] = value;
  });

  describe('kairos-prod, as AWS reports it', () => {
    it("runs the image with the digest in the stack's outputs", async () => {
      const { Code, Configuration } = await aws.lambda.send(
        new GetFunctionCommand({ FunctionName: 'kairos-prod', Qualifier: 'live' }),
      );
      expect(outputs.image_digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(Code?.ImageUri).toBe(
        `992382417038.dkr.ecr.eu-west-2.amazonaws.com/kairos@${outputs.image_digest ?? ''}`,
      );
      expect(Configuration).toMatchObject({
        MemorySize: 256,
        Timeout: 15,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: '/aws/lambda/kairos-prod' },
      });
    });

    it("has the alias on the version in the stack's outputs", async () => {
      const alias = await aws.lambda.send(new GetAliasCommand({ FunctionName: 'kairos-prod', Name: 'live' }));
      expect(alias.FunctionVersion).toBe(outputs.function_version);
      expect(alias.FunctionVersion).not.toBe('$LATEST');
    });

    it("answers at the API in the stack's outputs, with both routes on the alias", async () => {
      const apiId = new URL(outputs.api_endpoint ?? '').hostname.split('.')[0];
      const api = await aws.api.send(new GetApiCommand({ ApiId: apiId }));
      const routes = await aws.api.send(new GetRoutesCommand({ ApiId: apiId }));
      const integrations = await aws.api.send(new GetIntegrationsCommand({ ApiId: apiId }));
      expect(api).toMatchObject({ Name: 'kairos-prod', ProtocolType: 'HTTP' });
      expect(new Set(routes.Items?.map(({ RouteKey }) => RouteKey))).toEqual(
        new Set(['ANY /', 'ANY /{proxy+}']),
      );
      expect(integrations.Items).toHaveLength(1);
      expect(integrations.Items?.[0]?.IntegrationUri).toContain(':function:kairos-prod:live');
    });

    it('throttles and logs at its stage', async () => {
      const apiId = new URL(outputs.api_endpoint ?? '').hostname.split('.')[0];
      const stage = await aws.api.send(new GetStageCommand({ ApiId: apiId, StageName: '$default' }));
      expect(stage.DefaultRouteSettings).toMatchObject({
        ThrottlingRateLimit: 1000,
        ThrottlingBurstLimit: 2000,
      });
      expect(stage.AccessLogSettings?.DestinationArn).toContain('/aws/vendedlogs/apigateway/kairos-prod');
      expect(JSON.parse(stage.AccessLogSettings?.Format ?? '')).toHaveProperty(
        'requestId',
        '$context.requestId',
      );
    });

    it('lets only this API invoke the alias', async () => {
      const { Policy } = await aws.lambda.send(
        new GetPolicyCommand({ FunctionName: 'kairos-prod', Qualifier: 'live' }),
      );
      const { Statement } = z
        .object({ Statement: z.array(z.object({ Principal: z.unknown(), Condition: z.unknown() })) })
        .parse(JSON.parse(Policy ?? ''));
      expect(Statement).toHaveLength(1);
      expect(Statement[0]?.Principal).toEqual({ Service: 'apigateway.amazonaws.com' });
      expect(JSON.stringify(Statement[0]?.Condition)).toContain(':execute-api:eu-west-2:992382417038:');
    });

    it('has its log groups with their retention', async () => {
      for (const name of ['/aws/lambda/kairos-prod', '/aws/vendedlogs/apigateway/kairos-prod']) {
        const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
        const group = logGroups?.find(({ logGroupName }) => logGroupName === name);
        expect(group?.retentionInDays).toBe(90);
      }
    });

    it('has its settings among the variables of the version, and no secret', async () => {
      const { Configuration } = await aws.lambda.send(
        new GetFunctionCommand({ FunctionName: 'kairos-prod', Qualifier: 'live' }),
      );
      expect(Configuration?.Environment?.Variables).toMatchObject(
        settingsOf(configuration.environments.prod),
      );
      expect(Object.keys(Configuration?.Environment?.Variables ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(SECRET_KEY|MONGO_PASSWORD|RESEND_API_KEY)$/)]),
      );
    });

    it('has a value for each secret, encrypted with the key of the environment', async () => {
      const { Parameters } = await aws.ssm.send(
        new DescribeParametersCommand({
          ParameterFilters: [{ Key: 'Path', Option: 'OneLevel', Values: ['/kairos/prod/secrets'] }],
        }),
      );
      expect(Parameters).toHaveLength(secretNames.length);
      for (const secret of Parameters ?? []) {
        expect(secret).toMatchObject({ Type: 'SecureString', KeyId: 'alias/kairos-prod', Version: 2 });
      }
    });
  });

  describe('the foundation, as AWS reports it', () => {
    it('has the repository with immutable tags', async () => {
      const { repositories } = await aws.ecr.send(
        new DescribeRepositoriesCommand({ repositoryNames: ['kairos'] }),
      );
      expect(repositories?.[0]).toMatchObject({
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
      });
    });

    it.each(stateOwners)('has secured the state bucket of %s', async (owner) => {
      const Bucket = stateBucketName('992382417038', owner);
      const versioning = await aws.s3.send(new GetBucketVersioningCommand({ Bucket }));
      const encryption = await aws.s3.send(new GetBucketEncryptionCommand({ Bucket }));
      const access = await aws.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      expect(versioning.Status).toBe('Enabled');
      expect(encryption.ServerSideEncryptionConfiguration?.Rules).toHaveLength(1);
      expect(access.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    });
  });

  describe('its state', () => {
    it('equals what a plan finds: there are no changes', async () => {
      expect(planned).toEqual([]);
      expect((await e2eCloud.filled()).foundationChanges).toEqual([]);
    });

    it('lists what was deployed', async () => {
      const { output } = expectSuccess(await project.terraform('kairos-prod', ['state', 'list']));
      const addresses = output.split('\n');
      expect(addresses).toEqual(
        expect.arrayContaining(['aws_lambda_function.Backend', 'aws_apigatewayv2_api.Api']),
      );
      expect(addresses.length).toBeGreaterThanOrEqual(20);
    });

    it('shows the settings of the function in terraform state show', async () => {
      const show = ['state', 'show', '-no-color', 'aws_lambda_function.Backend'];
      const { output } = expectSuccess(await project.terraform('kairos-prod', show));
      const { memory } = configuration.environments.prod.function;
      expect(output).toMatch(new RegExp(`^    memory_size += ${memory}$`, 'm'));
    });
  });
}
