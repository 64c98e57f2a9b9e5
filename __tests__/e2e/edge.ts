import { GetAuthorizersCommand, GetRoutesCommand } from '@aws-sdk/client-apigatewayv2';
import { GetDistributionConfigCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { GetLoggingConfigurationCommand, GetWebACLCommand, ListWebACLsCommand } from '@aws-sdk/client-wafv2';
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { EdgeConfiguration } from '../../config/edge';
import { configuration } from '../../config/environments';
import { namesOf } from '../../config/names';
import { readOriginSecrets } from '../support/origin-secrets';
import { expectSuccess, type Project } from '../support/project';
import {
  attackLimits,
  describeApiKeys,
  describeAttacks,
  keyedPath,
  flood,
  statusWith,
  trickle,
} from './edge-attacks';

const outputsSchema = z.record(z.string(), z.object({ value: z.string() }));

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What AWS says of the edge that was deployed for an environment. */
function inspector(project: Project, stack: string) {
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

/** The edge of production, as AWS reports it after the first deploy. */
export function describeEdge(project: Project): void {
  const aws = project.clients();
  const prod = inspector(project, 'kairos-prod');

  beforeAll(async () => {
    await project.planned('kairos-prod');
  });

  it('has a web ACL with every rule, in order', async () => {
    const { WebACLs } = await aws.wafv2.send(new ListWebACLsCommand({ Scope: 'CLOUDFRONT' }));
    const summary = WebACLs?.find(({ Name }) => Name === 'kairos-prod');
    const { WebACL } = await aws.wafv2.send(
      new GetWebACLCommand({ Scope: 'CLOUDFRONT', Id: summary?.Id, Name: summary?.Name }),
    );
    expect(WebACL?.DefaultAction).toEqual({ Allow: {} });
    // The order of the list says nothing: WAF asks by priority.
    const rules = (WebACL?.Rules ?? []).map(({ Name, Priority = NaN }) => ({ Name, Priority }));
    rules.sort((a, b) => a.Priority - b.Priority);
    expect(rules.map(({ Name, Priority }) => [Name, Priority])).toEqual([
      ['ip-reputation', 20],
      ['request-rate', 30],
      ['login-rate', 40],
      ['body-size', 50],
      ['known-bad-inputs', 60],
      ['common', 70],
    ]);
    expect(Object.keys(WebACL?.CustomResponseBodies ?? {}).sort()).toEqual([
      'forbidden',
      'too-large',
      'too-many-requests',
    ]);
    const { LoggingConfiguration } = await aws.wafv2.send(
      new GetLoggingConfigurationCommand({ ResourceArn: summary?.ARN }),
    );
    expect(LoggingConfiguration?.LogDestinationConfigs).toEqual([
      expect.stringMatching(/:us-east-1:.*:log-group:aws-waf-logs-kairos-prod/),
    ]);
    expect(
      LoggingConfiguration?.RedactedFields?.map(({ SingleHeader }) => SingleHeader?.Name).sort(),
    ).toEqual(['authorization', 'cookie', 'x-api-key']);
  });

  it('has a distribution with that web ACL, in front of the API, over HTTPS only', async () => {
    const config = (await prod.distribution())?.DistributionConfig;
    expect(config).toMatchObject({
      Enabled: true,
      WebACLId: expect.stringMatching(/:us-east-1:.*:global\/webacl\/kairos-prod\//) as string,
      DefaultCacheBehavior: { ViewerProtocolPolicy: 'https-only' },
    });
    expect(config?.Origins?.Items?.[0]?.DomainName).toBe(
      `${await prod.apiId()}.execute-api.eu-west-2.amazonaws.com`,
    );
  });

  it('has its one authorizer on every route', async () => {
    const [authorizer, ...others] = await prod.authorizers();
    expect(others).toEqual([]);
    expect(authorizer).toMatchObject({
      IdentitySource: ['$request.header.x-origin-verify'],
      AuthorizerResultTtlInSeconds: 300,
    });
    const locked = { AuthorizationType: 'CUSTOM', AuthorizerId: authorizer?.AuthorizerId };
    expect(await prod.routes()).toEqual([locked, locked]);
  });

  it('sends a secret of which the authorizer knows the hash, and no output tells it', async () => {
    const { even, odd } = await readOriginSecrets(project, 'kairos-prod');
    expect(await prod.sentSecret()).toBe(odd);
    expect(even).not.toBe(odd);
    expect(await prod.admittedHashes()).toEqual([even, odd].map(sha256));
    const shown = expectSuccess(await project.terraform('kairos-prod', ['show', '-no-color'])).output;
    const outputs = expectSuccess(await project.terraform('kairos-prod', ['output', '-json'])).output;
    for (const secret of [even, odd]) {
      expect(shown).not.toContain(secret);
      expect(outputs).not.toContain(secret);
    }
  });

  it('has its logs in us-east-1, with their retention', async () => {
    for (const name of ['aws-waf-logs-kairos-prod', '/aws/vendedlogs/cloudfront/kairos-prod']) {
      const { logGroups } = await aws.logsOfCloudFront.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: name }),
      );
      expect(logGroups?.map(({ retentionInDays }) => retentionInDays)).toEqual([90]);
    }
  });
}

/** The edge of one environment, switched on, rotated and switched off: each test begins where the last one ended. */
export function describeEdgeSwitch(project: Project): void {
  const stack = 'kairos-dev';
  const dev = inspector(project, stack);
  const { ssm } = project.clients();
  const apiKey = randomBytes(24).toString('hex');
  const parameter = `${namesOf('dev').secretsPath}API_KEY_PARTNER`;
  const edgeOf = (rotation: number) => {
    const edge = {
      ...configuration.environments.prod.edge,
      ...attackLimits,
      rotation,
      apiKeys: { prefixes: [keyedPath], names: ['API_KEY_PARTNER'] },
    } satisfies Partial<EdgeConfiguration>;
    return { changes: { 'environments.dev.edge': edge } };
  };
  /** All that Terraform has printed: a deploy shows its plan first. */
  let printed = '';
  let apiId = '';

  beforeAll(async () => {
    await project.planned(stack);
  });

  async function deploy(options: Parameters<Project['deploy']>[1]): Promise<void> {
    printed += expectSuccess(await project.deploy(stack, options)).output;
  }

  it('a key is set like every other secret', async () => {
    // What the foundation makes of a name in `apiKeys`: it cannot take it away again, and other files plan it too.
    const made = { Name: parameter, Type: 'SecureString', KeyId: namesOf('dev').keyAlias } as const;
    await ssm.send(new PutParameterCommand({ ...made, Value: 'unset' }));
    const set = await project.kairos(['secrets', 'set', 'dev', 'API_KEY_PARTNER'], { input: apiKey });
    expect(expectSuccess(set).output).toContain('API_KEY_PARTNER set, version 2');
    expect(set.output).not.toContain(apiKey);
  });

  it('off: the API is open, and nothing stands in front of it', async () => {
    apiId = await dev.apiId();
    expect(await dev.distribution()).toBeUndefined();
    expect((await dev.routes()).map(({ AuthorizationType }) => AuthorizationType)).toEqual(['NONE', 'NONE']);
  });

  it('on: the same API is locked, and a second plan has no changes', async () => {
    await deploy(edgeOf(1));
    expect(await dev.apiId()).toBe(apiId);
    expect((await dev.routes()).map(({ AuthorizationType }) => AuthorizationType)).toEqual([
      'CUSTOM',
      'CUSTOM',
    ]);
    expect(await dev.sentSecret()).toBe((await readOriginSecrets(project, stack)).odd);
    expect(await project.planned(stack, edgeOf(1))).toEqual([]);
  });

  describe('attacks', () => {
    describeAttacks(project, stack);
  });

  describe('API keys', () => {
    describeApiKeys(project, stack, apiKey);
  });

  it('a rotation makes one secret anew, and changes the authorizer, the distribution and nothing else', async () => {
    const before = await readOriginSecrets(project, stack);
    expect(await project.planned(stack, edgeOf(2))).toEqual([
      'delete-create terraform_data.Edge_OriginLock_Secret_Slot0_C1806171',
      'update aws_cloudfront_distribution.Edge_Distribution_E594885F',
      'update aws_lambda_function.Edge_OriginLock_Function_96BD7E48',
    ]);
    const stop = await trickle(project, stack);
    await deploy(edgeOf(2));
    const statuses = await stop();
    expect(statuses.length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const after = await readOriginSecrets(project, stack);
    expect(after.odd).toBe(before.odd);
    expect(after.even).not.toBe(before.even);
    expect(await dev.sentSecret()).toBe(after.even);
    expect(await dev.admittedHashes()).toEqual([after.even, after.odd].map(sha256));
    for (const secret of [before.even, before.odd, after.even]) {
      expect(printed).not.toContain(secret);
    }
    expect(await statusWith(project, stack, after.even)).toBe(200);
    expect(await statusWith(project, stack, after.odd)).toBe(200);
    expect(await statusWith(project, stack, before.even)).toBe(403);
  });

  it('a flood of requests is answered with 429', async () => {
    const { refusal } = await flood(project, stack, attackLimits.requestLimit);
    expect(refusal).toEqual([429, { message: 'Too Many Requests' }]);
  });

  it('off again: the same API is open, and nothing of the edge is left', async () => {
    const { even, odd } = await readOriginSecrets(project, stack);
    await deploy({});
    await ssm.send(new DeleteParameterCommand({ Name: parameter }));
    expect(await dev.apiId()).toBe(apiId);
    expect(await dev.distribution()).toBeUndefined();
    expect(await dev.authorizers()).toEqual([]);
    expect((await dev.routes()).map(({ AuthorizationType }) => AuthorizationType)).toEqual(['NONE', 'NONE']);
    const { output } = expectSuccess(await project.terraform(stack, ['state', 'list']));
    expect(output).not.toContain('Edge');
    expect(printed).toContain('aws_cloudfront_distribution');
    for (const secret of [even, odd]) {
      expect(printed).not.toContain(secret);
    }
  });
}
