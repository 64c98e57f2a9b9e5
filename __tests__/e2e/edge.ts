import { GetRoutesCommand, UpdateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetLoggingConfigurationCommand, GetWebACLCommand, ListWebACLsCommand } from '@aws-sdk/client-wafv2';
import { smokeSchema } from '../../cli/schemas/release';
import { DeployedCloud } from '../support/deployed-cloud';
import { inspector, sha256 } from '../support/edge-inspector';
import { readOriginSecrets } from '../support/origin-secrets';
import { expectSuccess, type Project } from '../support/project';
import { e2eCloud } from '../support/shared-cloud';

/** The edge of production, as AWS reports it after the first deploy. */
export function describeEdge(project: Project): void {
  const aws = project.clients();
  const prod = inspector(project, 'kairos-prod');

  it('has a web ACL with every rule, in order', async () => {
    const { WebACLs } = await aws.wafv2.send(new ListWebACLsCommand({ Scope: 'CLOUDFRONT' }));
    const summary = WebACLs?.find(({ Name }) => Name === 'kairos-prod');
    const { WebACL } = await aws.wafv2.send(
      new GetWebACLCommand({ Scope: 'CLOUDFRONT', Id: summary?.Id, Name: summary?.Name }),
    );
    expect(WebACL?.DefaultAction).toEqual({ Allow: {} });
    // The order of the list does not matter: WAF evaluates the rules by priority.
    const rules = (WebACL?.Rules ?? []).map(({ Name, Priority = NaN }) => ({ Name, Priority }));
    rules.sort((a, b) => a.Priority - b.Priority);
    expect(rules.map(({ Name, Priority }) => [Name, Priority])).toEqual([
      ['allowed-addresses', 0],
      ['blocked-addresses', 10],
      ['health-check', 15],
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

  it('fails the smoke test while its API admits direct requests, and passes it when the API is locked', async () => {
    const cloud = await DeployedCloud.shared('smoke', e2eCloud);
    const ask = async () => {
      const { code, stdout } = await cloud.kairos(['smoke', 'prod', '--mongodb', '--json']);
      return { code, ...smokeSchema.parse(JSON.parse(stdout)) };
    };
    const ApiId = await prod.apiId();
    const { Items: locked = [] } = await aws.api.send(new GetRoutesCommand({ ApiId }));
    for (const { RouteId } of locked)
      await aws.api.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'NONE' }));
    const open = await ask();
    for (const { RouteId, AuthorizationType, AuthorizerId } of locked)
      await aws.api.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType, AuthorizerId }));
    expect(open).toMatchObject({
      code: 1,
      passed: false,
      reason: expect.stringMatching(/^GET \S+\/api\/v1\/ answered 200, expected 401$/) as unknown,
    });

    const { code, passed, checks } = await ask();
    expect({ code, passed }).toEqual({ code: 0, passed: true });
    const [edge, api] = ['health', 'origin lock'].map(
      (check) => checks.find(({ name }) => name === check)?.address,
    );
    expect(edge).not.toBe(api);
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['health', 200],
      ['openapi', 200],
      ['docs', 200],
      ['mongodb', 200],
      ['origin lock', 401],
    ]);
  });

  it('sends a secret whose hash the authorizer knows, and no output contains it', async () => {
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
