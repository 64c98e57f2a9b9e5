import { configuration } from '../../../config/environments';
import type { Configuration, Environment } from '../../../config/types';
import { BackendStack } from '../../../stacks/backend-stack';
import { Template, testApp } from '../../support/template';

const prod = configuration.environments.prod;
if (prod.edge === false) throw new Error('production has an edge');
const { edge } = prod;

/** A row in which all values are different, so that none can be confused with another. */
const row: Environment = {
  ...prod,
  function: {
    ...prod.function,
    handler: 'another.main.handler',
    memory: 1031,
    timeout: 11,
    logLevel: 'ERROR',
    lifespan: 'invocation',
    lifespanStartLimit: 7,
    lifespanPauseLimit: 77,
    reservedConcurrency: 41,
    provisionedConcurrency: 3,
  },
  gateway: {
    timeout: 23,
    throttlingRateLimit: 611,
    throttlingBurstLimit: 1213,
    cors: {
      allowOrigins: ['https://cors.example.com'],
      allowMethods: ['PATCH'],
      allowHeaders: ['x-cors'],
      allowCredentials: true,
      maxAge: 599,
    },
  },
  edge: {
    ...edge,
    rotation: 5,
    requestLimit: 1709,
    loginLimit: 43,
    loginPaths: ['/api/v9/login'],
    allowedAddresses: ['203.0.113.7/32'],
    blockedAddresses: ['198.51.100.7/32'],
    countedRules: { common: ['NoUserAgent_HEADER'] },
    domain: { name: 'api.example.com', zone: 'example.com' },
    apiKeys: { prefixes: ['/api/v9/keyed'], names: ['API_KEY_TABLE'] },
  },
  logRetention: 731,
  secretsRevision: 19,
};
const table: Configuration = { ...configuration, accountId: '111122223333', region: 'eu-central-1' };

const template = Template.of(
  new BackendStack(testApp(), {
    accountId: table.accountId,
    region: table.region,
    repository: table.repository,
    name: 'prod',
    environment: row,
    imageConfiguration: { ...table.image, repository: 'another', architecture: 'arm64' },
    release: { digest: `sha256:${'b'.repeat(64)}` },
  }),
);
const rulesJson = JSON.stringify(template.resource('aws_wafv2_web_acl').rule);
const rule = (name: string) =>
  JSON.stringify(
    (template.resource('aws_wafv2_web_acl').rule as readonly { readonly name: string }[]).find(
      (candidate) => candidate.name === name,
    ),
  );

describe('a row of the table reaches', () => {
  it('the function', () => {
    expect(template.resource('aws_lambda_function', 'Backend')).toMatchObject({
      image_uri: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/another@sha256:${'b'.repeat(64)}`,
      architectures: ['arm64'],
      memory_size: 1031,
      timeout: 11,
      reserved_concurrent_executions: 41,
      logging_config: { application_log_level: 'ERROR' },
      environment: {
        variables: {
          KAIROS_HANDLER: 'another.main.handler',
          KAIROS_LIFESPAN: 'invocation',
          KAIROS_LIFESPAN_START_LIMIT: '7',
          KAIROS_LIFESPAN_PAUSE_LIMIT: '77',
          KAIROS_SECRETS_REVISION: '19',
          KAIROS_IMAGE_DIGEST: `sha256:${'b'.repeat(64)}`,
        },
      },
    });
  });

  it('its provisioned concurrency', () => {
    expect(template.resource('aws_lambda_provisioned_concurrency_config')).toMatchObject({
      provisioned_concurrent_executions: 3,
    });
  });

  it('the gateway', () => {
    expect(template.resource('aws_apigatewayv2_integration').timeout_milliseconds).toBe(23_000);
    expect(template.resource('aws_apigatewayv2_stage').default_route_settings).toMatchObject({
      throttling_rate_limit: 611,
      throttling_burst_limit: 1213,
    });
    expect(template.resource('aws_apigatewayv2_api').cors_configuration).toEqual({
      allow_origins: ['https://cors.example.com'],
      allow_methods: ['PATCH'],
      allow_headers: ['x-cors'],
      allow_credentials: true,
      max_age: 599,
    });
  });

  it('every log group', () => {
    const groups = Object.values(template.resources('aws_cloudwatch_log_group'));
    expect(groups.map(({ name, retention_in_days }) => [name, retention_in_days]).sort()).toEqual([
      ['/aws/lambda/kairos-prod', 731],
      ['/aws/lambda/kairos-prod-authorizer', 731],
      ['/aws/vendedlogs/apigateway/kairos-prod', 731],
      ['/aws/vendedlogs/cloudfront/kairos-prod', 731],
      ['aws-waf-logs-kairos-prod', 731],
    ]);
  });

  it('each rule of the firewall', () => {
    expect(rule('request-rate')).toContain('"limit":1709');
    expect(rule('login-rate')).toContain('"limit":43');
    expect(rule('login-rate')).toContain('/api/v9/login');
    expect(rule('common')).toContain('NoUserAgent_HEADER');
    expect(rulesJson.match(/NoUserAgent_HEADER/g)).toHaveLength(1);
  });

  it('each address set', () => {
    const sets = Object.values(template.resources('aws_wafv2_ip_set'));
    expect(Object.fromEntries(sets.map(({ name, addresses }) => [name, addresses]))).toEqual({
      'kairos-prod-allowed-ipv4': ['203.0.113.7/32'],
      'kairos-prod-allowed-ipv6': [],
      'kairos-prod-blocked-ipv4': ['198.51.100.7/32'],
      'kairos-prod-blocked-ipv6': [],
    });
  });

  it("the origin's secret and the API keys", () => {
    expect(template.outputs.edge_rotation?.value).toBe('5');
    const authorizer = Object.entries(template.resources('aws_lambda_function')).find(
      ([id]) => id !== 'Backend',
    );
    expect(authorizer?.[1].environment).toMatchObject({
      variables: {
        KAIROS_API_KEY_PREFIXES: '/api/v9/keyed',
        KAIROS_API_KEY_PARAMETERS: '/kairos/prod/secrets/API_KEY_TABLE',
      },
    });
  });

  it('the domain', () => {
    expect(template.resource('aws_cloudfront_distribution').aliases).toEqual(['api.example.com']);
    expect(template.data('aws_route53_zone').name).toBe('example.com');
  });

  it('the permissions, only for this environment', () => {
    const statements = JSON.stringify(template.policyStatements());
    expect(statements).toContain('arn:aws:ssm:eu-central-1:111122223333:parameter/kairos/prod/secrets/*');
    expect(statements).not.toMatch(/parameter\/kairos\/(\*|dev|staging)/);
  });
});
