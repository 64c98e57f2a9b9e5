import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { z } from 'zod';
import { Edge, type EdgeProps } from '../../../../constructs/edge/edge';
import { Template } from '../../../support/template';

const settings: Omit<EdgeProps, 'api' | 'globalProvider'> = {
  name: 'kairos-prod',
  originHeaderName: 'x-origin-verify',
  accountId: '992382417038',
  boundaryArn: 'arn:aws:iam::992382417038:policy/bound',
  region: 'eu-west-2',
  rotation: 1,
  deployedRotation: 'none',
  accessLogGroupName: '/aws/vendedlogs/cloudfront/kairos-prod',
  requestLimit: 2000,
  loginLimit: 20,
  loginPaths: ['/api/v1/auth/token'],
  allowedAddresses: [],
  blockedAddresses: [],
  countedRules: {},
  logRetentionDays: 90,
};

const apiKeys = {
  prefixes: ['/api/v1/partners'],
  parameterNames: ['/kairos/prod/secrets/API_KEY_PARTNER', '/kairos/prod/secrets/API_KEY_MOBILE'],
  keyArn: 'arn:aws:kms:eu-west-2:992382417038:key/k',
};

const domain = { name: 'api.findkairos.com', zone: 'findkairos.com' };

function templateWith(changes: Partial<EdgeProps> = {}): Template {
  return Template.from((scope) => {
    const globalProvider = new AwsProvider(scope, 'us', { region: 'us-east-1', alias: 'us-east-1' });
    const api = new Apigatewayv2Api(scope, 'Api', { name: 'kairos-prod', protocolType: 'HTTP' });
    new Edge(scope, 'Edge', { ...settings, api, globalProvider, ...changes });
  });
}

const template = templateWith();
const slots = z.record(
  z.string(),
  z.object({
    triggers_replace: z.object({ rotation: z.number(), secret: z.string() }),
    lifecycle: z.object({
      ignore_changes: z.array(z.string()),
      precondition: z.tuple([z.object({ condition: z.string() })]),
    }),
    input: z.undefined().optional(),
  }),
);
const slotsOf = (of: Template) =>
  slots.parse(
    Object.fromEntries(
      Object.entries(of.resources('terraform_data')).filter(([id]) => id.includes('_Secret_Slot')),
    ),
  );
const rotationsOf = (rotation: number) =>
  Object.values(slotsOf(templateWith({ rotation }))).map(({ triggers_replace }) => triggers_replace.rotation);

const originSchema = z.tuple([
  z.object({
    domain_name: z.string(),
    custom_header: z.tuple([z.object({ name: z.string(), value: z.string() })]),
    custom_origin_config: z.record(z.string(), z.unknown()),
  }),
]);
const originOf = (of: Template) => originSchema.parse(of.resource('aws_cloudfront_distribution').origin)[0];
const authorizerFunction = (of: Template) => of.resource('aws_lambda_function');
const variablesOf = (of: Template) =>
  z.object({ variables: z.record(z.string(), z.string()) }).parse(authorizerFunction(of).environment)
    .variables;

describe("the origin's secret", () => {
  test.each([
    [1, [0, 1]],
    [2, [2, 1]],
    [3, [2, 3]],
    [4, [4, 3]],
  ])('rotation %i replaces one slot and keeps the other', (rotation, expected) => {
    expect(rotationsOf(rotation)).toEqual(expected);
  });

  test.each([
    [1, 'Slot1'],
    [2, 'Slot0'],
    [3, 'Slot1'],
  ])('in rotation %i CloudFront sends the newest one, of %s', (rotation, slot) => {
    const [header] = originOf(templateWith({ rotation })).custom_header;
    expect(header.name).toBe('x-origin-verify');
    expect(header.value).toMatch(new RegExp(`terraform_data\\.Edge_OriginLock_Secret_${slot}_`));
  });

  test('is made by Terraform alone, and replaced only by a rotation', () => {
    for (const { triggers_replace, lifecycle } of Object.values(slotsOf(template))) {
      expect(triggers_replace.secret).toBe('${sensitive(sha256(join("", [uuid(), uuid()])))}');
      expect(lifecycle.ignore_changes).toEqual(['triggers_replace.secret']);
    }
    expect(template.json).not.toContain('random_password');
  });

  test('refuses a step of more than one, which would replace both secrets at once', () => {
    const conditions = Object.values(slotsOf(templateWith({ rotation: 5, deployedRotation: '4' }))).map(
      ({ lifecycle }) => lifecycle.precondition[0].condition,
    );
    const condition = '${try((abs((5 - tonumber("4"))) <= 1), true)}';
    expect(conditions).toEqual([condition, condition]);
  });

  test('is masked wherever it is used', () => {
    const uses = template.json.match(/[^"]*triggers_replace\.secret[^"]*/g) ?? [];
    const expressions = uses.filter((use) => use.startsWith('${'));
    expect(expressions).toHaveLength(2);
    for (const expression of expressions) {
      expect(expression).not.toMatch(/(?<!sensitive\()terraform_data\.[\w]+\.triggers_replace/);
    }
  });

  test('is no output', () => {
    expect(template.outputs).toEqual({});
  });

  test('is known to the authorizer by its hash alone, together with the one before', () => {
    const { KAIROS_ORIGIN_HASHES: hashes, KAIROS_ORIGIN_HEADER: header } = variablesOf(template);
    expect(header).toBe('x-origin-verify');
    expect(hashes).toMatch(
      /^\$\{sha256\(sensitive\(terraform_data\.\w+_Slot0_\w+\.triggers_replace\.secret\)\)\},\$\{sha256\(sensitive\(terraform_data\.\w+_Slot1_\w+\.triggers_replace\.secret\)\)\}$/,
    );
  });
});

describe('the authorizer', () => {
  const authorizer = template.resource('aws_apigatewayv2_authorizer');

  test('is asked with the header alone, and its verdict is believed for 5 minutes', () => {
    expect(authorizer).toMatchObject({
      authorizer_type: 'REQUEST',
      authorizer_payload_format_version: '2.0',
      enable_simple_responses: true,
      identity_sources: ['$request.header.x-origin-verify'],
      authorizer_result_ttl_in_seconds: 300,
    });
  });

  test('may be invoked before a route can name it', () => {
    expect(authorizer.depends_on).toEqual([
      expect.stringMatching(/^aws_lambda_permission\.Edge_OriginLock_/),
    ]);
    expect(template.resource('aws_lambda_permission')).toMatchObject({
      principal: 'apigateway.amazonaws.com',
      source_arn: '${aws_apigatewayv2_api.Api.execution_arn}/authorizers/*',
    });
  });

  test('runs its bundle on Node, on arm64', () => {
    expect(authorizerFunction(template)).toMatchObject({
      function_name: 'kairos-prod-authorizer',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'handler.handler',
      filename: expect.stringMatching(/\.zip$/) as string,
      source_code_hash: expect.stringMatching(/^[\w+/]{43}=$/) as string,
    });
  });

  test('may write its log and nothing else', () => {
    expect(template.policyStatements().flatMap(({ actions }) => actions)).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sts:AssumeRole',
    ]);
    expect(authorizerFunction(template)).toMatchObject({
      logging_config: { system_log_level: 'WARN', application_log_level: 'WARN' },
    });
  });

  test('starts only with its rights', () => {
    expect(authorizerFunction(template).depends_on).toEqual([
      expect.stringMatching(/^aws_iam_role_policy\.Edge_OriginLock_/),
    ]);
  });
});

describe('API keys', () => {
  const keyed = templateWith({ apiKeys });

  test('are asked for below the prefixes, and read from these parameters', () => {
    expect(variablesOf(keyed)).toMatchObject({
      KAIROS_API_KEY_PREFIXES: '/api/v1/partners',
      KAIROS_API_KEY_PARAMETERS: '/kairos/prod/secrets/API_KEY_PARTNER,/kairos/prod/secrets/API_KEY_MOBILE',
    });
  });

  test('let the gateway keep no verdict, which it would keep for the header alone', () => {
    expect(keyed.resource('aws_apigatewayv2_authorizer').authorizer_result_ttl_in_seconds).toBe(0);
  });

  test('give the authorizer the right to read these parameters and no other', () => {
    const parameters = ['PARTNER', 'MOBILE'].map(
      (name) => `arn:aws:ssm:eu-west-2:992382417038:parameter/kairos/prod/secrets/API_KEY_${name}`,
    );
    expect(keyed.policyStatements()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ actions: ['ssm:GetParameters'], resources: parameters }),
        expect.objectContaining({
          actions: ['kms:Decrypt'],
          resources: [apiKeys.keyArn],
          condition: [
            {
              test: 'StringEquals',
              variable: 'kms:ViaService',
              values: ['ssm.eu-west-2.amazonaws.com'],
            },
            { test: 'ArnLike', variable: 'kms:EncryptionContext:PARAMETER_ARN', values: parameters },
          ],
        }),
      ]),
    );
  });
});

describe('the distribution', () => {
  const distribution = template.resource('aws_cloudfront_distribution');

  test('sends the newest secret only when the authorizer admits it', () => {
    expect(distribution.depends_on).toEqual([
      expect.stringMatching(/^aws_lambda_function\.Edge_OriginLock_Function_/),
      expect.stringMatching(/^aws_apigatewayv2_authorizer\.Edge_OriginLock_/),
    ]);
  });

  test('speaks HTTPS only, on both sides', () => {
    expect(distribution).toMatchObject({ default_cache_behavior: { viewer_protocol_policy: 'https-only' } });
    expect(originOf(template).custom_origin_config).toMatchObject({
      origin_protocol_policy: 'https-only',
      origin_ssl_protocols: ['TLSv1.2'],
    });
  });

  test('speaks HTTP/2 and 3, and IPv6', () => {
    expect(distribution).toMatchObject({ http_version: 'http2and3', is_ipv6_enabled: true, enabled: true });
  });

  test('keeps nothing, and hands on every method and all that the viewer sends but Host', () => {
    expect(distribution).toMatchObject({
      default_cache_behavior: {
        cache_policy_id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        origin_request_policy_id: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        allowed_methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
      },
    });
  });

  test('waits longer for the origin than the gateway waits for the backend', () => {
    expect(originOf(template).custom_origin_config.origin_read_timeout).toBeGreaterThan(30);
  });

  test('carries the web ACL and has the API as its only origin', () => {
    expect(distribution.web_acl_id).toMatch(/^\$\{aws_wafv2_web_acl\.Edge_WebAcl_\w+\.arn\}$/);
    expect(originOf(template).domain_name).toBe(
      '${replace(aws_apigatewayv2_api.Api.api_endpoint, "https://", "")}',
    );
  });

  test('sets security headers whatever the backend says', () => {
    expect(template.resource('aws_cloudfront_response_headers_policy').security_headers_config).toEqual({
      strict_transport_security: {
        access_control_max_age_sec: 63_072_000,
        include_subdomains: true,
        override: true,
      },
      content_type_options: { override: true },
      frame_options: { frame_option: 'DENY', override: true },
      referrer_policy: { referrer_policy: 'no-referrer', override: true },
    });
    expect(distribution).toHaveProperty(
      'default_cache_behavior.response_headers_policy_id',
      expect.stringMatching(/^\$\{aws_cloudfront_response_headers_policy\./),
    );
  });

  test('answers a health check itself, on its path alone', () => {
    const checked = templateWith({ healthPath: '/health' });
    const functions = checked.resources('aws_cloudfront_function');
    const [id = ''] = Object.keys(functions).filter((each) => each.includes('Health'));
    expect(functions[id]).toMatchObject({ name: 'kairos-prod-health', publish: true });
    expect(checked.resource('aws_cloudfront_distribution').ordered_cache_behavior).toEqual([
      expect.objectContaining({
        path_pattern: '/health',
        viewer_protocol_policy: 'https-only',
        function_association: [
          { event_type: 'viewer-request', function_arn: `\${aws_cloudfront_function.${id}.arn}` },
        ],
      }),
    ]);
  });

  test('hands on every path when nobody checks its health', () => {
    expect(template.resource('aws_cloudfront_distribution')).not.toHaveProperty('ordered_cache_behavior');
    expect(Object.keys(template.resources('aws_cloudfront_function'))).toHaveLength(1);
  });

  test('keeps redirects on the edge', () => {
    const { code, runtime, publish } = template.resource('aws_cloudfront_function');
    expect(code).toMatch(
      /^const originHost = '\$\{replace\(aws_apigatewayv2_api\.Api\.api_endpoint, "https:\/\/", ""\)\}';\n/,
    );
    expect(code).toContain('function handler(event)');
    expect({ runtime, publish }).toEqual({ runtime: 'cloudfront-js-2.0', publish: true });
    expect(distribution).toHaveProperty('default_cache_behavior.function_association', [
      {
        event_type: 'viewer-response',
        function_arn: expect.stringMatching(/^\$\{aws_cloudfront_function\./) as string,
      },
    ]);
  });

  test('logs each request in us-east-1, without what may hold a token', () => {
    expect(template.resource('aws_cloudwatch_log_delivery_source')).toMatchObject({
      log_type: 'ACCESS_LOGS',
      provider: 'aws.us-east-1',
    });
    const { record_fields: fields } = template.resource('aws_cloudwatch_log_delivery');
    expect(fields).toEqual(expect.arrayContaining(['c-ip', 'cs-method', 'cs-uri-stem', 'sc-status']));
    for (const field of ['cs-uri-query', 'cs(Cookie)', 'cs(Referer)']) {
      expect(fields).not.toContain(field);
    }
    expect(Object.values(template.resources('aws_cloudwatch_log_group'))).toContainEqual(
      expect.objectContaining({
        name: '/aws/vendedlogs/cloudfront/kairos-prod',
        retention_in_days: 90,
        provider: 'aws.us-east-1',
      }),
    );
  });
});

test('the access log has the group as its destination', () => {
  const [group] = Object.entries(template.resources('aws_cloudwatch_log_group'))
    .filter(([, { name }]) => name === '/aws/vendedlogs/cloudfront/kairos-prod')
    .map(([id]) => id);
  const [destination] = Object.keys(template.resources('aws_cloudwatch_log_delivery_destination'));
  expect(template.resource('aws_cloudwatch_log_delivery_destination')).toMatchObject({
    output_format: 'json',
    delivery_destination_configuration: [
      { destination_resource_arn: `\${aws_cloudwatch_log_group.${group ?? ''}.arn}` },
    ],
  });
  expect(template.resource('aws_cloudwatch_log_delivery').delivery_destination_arn).toBe(
    `\${aws_cloudwatch_log_delivery_destination.${destination ?? ''}.arn}`,
  );
});

describe('what is replaced or removed', () => {
  test('the authorizer goes after the routes have let go of it', () => {
    expect(template.resource('aws_apigatewayv2_authorizer').lifecycle).toEqual({
      create_before_destroy: true,
    });
  });

  test('the delivery of the log is replaced when its list of fields changes', () => {
    const [list] = Object.keys(template.resources('terraform_data')).filter((id) => id.includes('_Fields_'));
    const delivery = template.resource('aws_cloudwatch_log_delivery');
    expect(delivery.lifecycle).toEqual({ replace_triggered_by: [`terraform_data.${list ?? ''}`] });
    expect(template.resource('terraform_data', list).input).toEqual(delivery.record_fields);
  });
});

describe('without a domain', () => {
  test('the distribution has the name and the certificate that CloudFront gives', () => {
    const distribution = template.resource('aws_cloudfront_distribution');
    expect(distribution.viewer_certificate).toEqual({ cloudfront_default_certificate: true });
    expect(distribution).not.toHaveProperty('aliases');
  });

  test('no certificate and no record are made', () => {
    expect(template.resources('aws_acm_certificate')).toEqual({});
    expect(template.resources('aws_route53_record')).toEqual({});
  });
});

describe('with a domain', () => {
  const named = templateWith({ domain });
  const distribution = named.resource('aws_cloudfront_distribution');
  const records = Object.values(named.resources('aws_route53_record'));

  test('the distribution answers to it, from TLS 1.2 on, with a certificate that is proven', () => {
    expect(distribution).toMatchObject({
      aliases: ['api.findkairos.com'],
      viewer_certificate: {
        acm_certificate_arn: expect.stringMatching(/^\$\{aws_acm_certificate_validation\./) as string,
        minimum_protocol_version: 'TLSv1.2_2021',
        ssl_support_method: 'sni-only',
      },
    });
  });

  test('its certificate is made in us-east-1, where CloudFront looks for it', () => {
    const here = { provider: 'aws.us-east-1' };
    expect(named.resource('aws_acm_certificate')).toMatchObject({
      ...here,
      domain_name: 'api.findkairos.com',
      validation_method: 'DNS',
    });
    expect(named.resource('aws_acm_certificate_validation')).toMatchObject(here);
  });

  test('its zone is looked up by name', () => {
    expect(named.data('aws_route53_zone')).toMatchObject({ name: 'findkairos.com' });
  });

  test.each(['A', 'AAAA'])('a record %s leads to the distribution', (type) => {
    expect(records).toContainEqual(
      expect.objectContaining({
        type,
        name: 'api.findkairos.com',
        alias: {
          name: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..*\.domain_name\}$/) as string,
          zone_id: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..*\.hosted_zone_id\}$/) as string,
          evaluate_target_health: false,
        },
      }),
    );
  });

  test('one record proves the certificate', () => {
    expect(records).toHaveLength(3);
    expect(records).toContainEqual(
      expect.objectContaining({
        records: [expect.stringContaining('domain_validation_options')],
        allow_overwrite: true,
      }),
    );
  });
});

test('nothing but what CloudFront needs there is made in us-east-1', () => {
  const elsewhere = template.addresses.filter((address) => {
    const [type = '', id = ''] = address.split('.');
    return template.resources(type)[id]?.provider === 'aws.us-east-1';
  });
  expect(elsewhere.map((address) => address.split('.')[0]).sort()).toEqual([
    'aws_cloudwatch_log_delivery',
    'aws_cloudwatch_log_delivery_destination',
    'aws_cloudwatch_log_delivery_source',
    'aws_cloudwatch_log_group',
    'aws_cloudwatch_log_group',
    'aws_wafv2_ip_set',
    'aws_wafv2_ip_set',
    'aws_wafv2_ip_set',
    'aws_wafv2_ip_set',
    'aws_wafv2_web_acl',
    'aws_wafv2_web_acl_logging_configuration',
  ]);
});
