import { z } from 'zod';
import { accessLogFormat, HttpApi, type HttpApiProps } from '../../../../constructs/api/http-api';
import { Template } from '../../../support/template';

const props: HttpApiProps = {
  name: 'kairos-prod',
  logGroupName: '/aws/vendedlogs/apigateway/kairos-prod',
  logRetentionDays: 90,
  throttlingRateLimit: 1000,
  throttlingBurstLimit: 2000,
};

const cors = {
  allowOrigins: ['https://findkairos.com'],
  allowMethods: ['GET'],
  allowHeaders: ['authorization'],
  allowCredentials: true,
  maxAge: 60,
};

function templateWith(changes: Partial<HttpApiProps> = {}): Template {
  return Template.from((scope) => {
    new HttpApi(scope, 'Api', { ...props, ...changes });
  });
}

describe('the HTTP API', () => {
  it('answers no preflight requests by default', () => {
    const api = templateWith().resource('aws_apigatewayv2_api');
    expect(api).toMatchObject({ name: 'kairos-prod', protocol_type: 'HTTP' });
    expect(Object.keys(api)).not.toContain('cors_configuration');
  });

  it('answers preflight requests if configured', () => {
    expect(templateWith({ cors }).resource('aws_apigatewayv2_api').cors_configuration).toEqual({
      allow_origins: ['https://findkairos.com'],
      allow_methods: ['GET'],
      allow_headers: ['authorization'],
      allow_credentials: true,
      max_age: 60,
    });
  });

  it('refuses every origin together with credentials', () => {
    expect(() => templateWith({ cors: { ...cors, allowOrigins: ['*'] } })).toThrow(
      /test\/Api: CORS admits every origin .* name the origins/,
    );
  });

  it('accepts every origin without credentials', () => {
    const open = { ...cors, allowOrigins: ['*'], allowCredentials: false };
    expect(templateWith({ cors: open }).resource('aws_apigatewayv2_api')).toMatchObject({
      cors_configuration: { allow_origins: ['*'] },
    });
  });
});

describe('its stage', () => {
  it('is $default, deploys automatically and throttles', () => {
    expect(templateWith().resource('aws_apigatewayv2_stage')).toMatchObject({
      name: '$default',
      auto_deploy: true,
      default_route_settings: {
        detailed_metrics_enabled: true,
        throttling_rate_limit: 1000,
        throttling_burst_limit: 2000,
      },
    });
  });

  it.each([0, -1, Number.NaN])('refuses a throttle of %d, which would allow no requests', (limit) => {
    expect(() => templateWith({ throttlingRateLimit: limit })).toThrow('throttlingRateLimit');
    expect(() => templateWith({ throttlingBurstLimit: limit })).toThrow('throttlingBurstLimit');
  });

  it('logs each request as JSON into a group that is created first', () => {
    const template = templateWith();
    expect(template.resource('aws_apigatewayv2_stage').access_log_settings).toMatchObject({
      destination_arn: '${aws_cloudwatch_log_group.Api_AccessLog_CB65B6C9.arn}',
    });
    expect(template.resource('aws_cloudwatch_log_group')).toMatchObject({
      name: '/aws/vendedlogs/apigateway/kairos-prod',
      retention_in_days: 90,
    });
  });
});

describe('the format of the access log', () => {
  const format = z
    .object({ format: z.string() })
    .parse(templateWith().resource('aws_apigatewayv2_stage').access_log_settings).format;

  it("is shorter than API Gateway's limit of 3 KB", () => {
    expect(Buffer.byteLength(format)).toBeLessThan(3 * 1024);
  });

  it('contains the fields that an operator needs', () => {
    expect(accessLogFormat).toMatchObject({
      requestId: '$context.requestId',
      routeKey: '$context.routeKey',
      status: '$context.status',
      responseLatency: '$context.responseLatency',
      integrationLatency: '$context.integrationLatency',
      integrationErrorMessage: '$context.integrationErrorMessage',
      ip: '$context.identity.sourceIp',
      userAgent: '$context.identity.userAgent',
    });
  });

  it('contains no header and no body, which may contain tokens and hashes', () => {
    expect(format).not.toMatch(/header|body|authorization|cookie/i);
  });
});
