import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { z } from 'zod';
import { managedRuleGroups } from '../../../../aws/managed-rules';
import { capacityOf, includedCapacity } from '../../../../constructs/edge/waf-capacity';
import { responseBodies, wafRules, type WafRulesProps } from '../../../../constructs/edge/waf-rules';
import { anyOf, bodyOver, fromAddresses, managedRules } from '../../../../constructs/edge/waf-statements';
import { WebAcl, type WebAclProps } from '../../../../constructs/edge/web-acl';
import { Template, testApp } from '../../../support/template';

const settings: Omit<WebAclProps, 'provider'> = {
  name: 'kairos-prod',
  requestLimit: 2000,
  loginLimit: 20,
  loginPaths: ['/api/v1/auth/token'],
  allowedAddresses: ['203.0.113.7/32', '2001:db8:1::/48'],
  blockedAddresses: ['198.51.100.0/24', '2001:db8:2::/48', '192.0.2.0/24'],
  countedRules: { common: ['GenericRFI_BODY'], ipReputation: ['AWSManagedIPDDoSList'] },
  logRetentionDays: 90,
};

function templateWith(changes: Partial<WebAclProps> = {}): Template {
  return Template.from((scope) => {
    const provider = new AwsProvider(scope, 'us', { region: 'us-east-1', alias: 'us-east-1' });
    new WebAcl(scope, 'WebAcl', { ...settings, provider, ...changes });
  });
}

const ruleSchema = z.object({
  name: z.string(),
  priority: z.number(),
  action: z.record(z.string(), z.unknown()).optional(),
  override_action: z.record(z.string(), z.unknown()).optional(),
  statement: z.record(z.string(), z.unknown()),
  visibility_config: z.unknown(),
});

function rulesOf(template: Template) {
  return z.array(ruleSchema).parse(template.resource('aws_wafv2_web_acl').rule);
}

function rule(name: string, template = templateWith()) {
  const found = rulesOf(template).find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`no rule ${name}`);
  }
  return found;
}

const block = (response_code: number, custom_response_body_key: string, headers: unknown[] = []) => ({
  block: { custom_response: { response_code, custom_response_body_key, response_header: headers } },
});
const tooMany = block(429, 'too-many-requests', [{ name: 'retry-after', value: '300' }]);

describe('the rules', () => {
  test('are evaluated in this order', () => {
    expect(rulesOf(templateWith()).map(({ name, priority }) => [name, priority])).toEqual([
      ['allowed-addresses', 0],
      ['blocked-addresses', 10],
      ['ip-reputation', 20],
      ['request-rate', 30],
      ['login-rate', 40],
      ['body-size', 50],
      ['known-bad-inputs', 60],
      ['common', 70],
    ]);
  });

  test('are the same if the lists of addresses are empty, so that no set is deleted while a rule refers to it', () => {
    const bare = templateWith({ allowedAddresses: [], blockedAddresses: [] });
    expect(rulesOf(bare)).toEqual(rulesOf(templateWith()));
  });

  test('each have one action, a metric with their own name, and samples', () => {
    for (const { name, action, override_action, visibility_config } of rulesOf(templateWith())) {
      expect([action, override_action].filter((one) => one !== undefined)).toHaveLength(1);
      expect(visibility_config).toEqual({
        metric_name: name,
        cloudwatch_metrics_enabled: true,
        sampled_requests_enabled: true,
      });
    }
  });

  test('admit allowed addresses and refuse blocked ones, with IPv4 and IPv6', () => {
    const sets = (kind: string) => ({
      or_statement: {
        statement: ['IPV4', 'IPV6'].map((version) => ({
          ip_set_reference_statement: {
            arn: expect.stringContaining(`aws_wafv2_ip_set.WebAcl_${kind}-${version}_`) as string,
          },
        })),
      },
    });
    expect(rule('allowed-addresses')).toMatchObject({ action: { allow: {} }, statement: sets('Allowed') });
    expect(rule('blocked-addresses')).toMatchObject({
      action: block(403, 'forbidden'),
      statement: sets('Blocked'),
    });
  });

  test("admit a health check by its method and path, after the blocked addresses and before AWS's rules", () => {
    const checked = templateWith({ healthPath: '/health' });
    expect(rulesOf(checked).map(({ name }) => name)[2]).toBe('health-check');
    const { priority, action, statement } = rule('health-check', checked);
    expect([priority, action]).toEqual([15, { allow: {} }]);
    const matching = (field: string, search_string: string) => ({
      byte_match_statement: {
        field_to_match: { [field]: {} },
        positional_constraint: 'EXACTLY',
        search_string,
        text_transformation: [{ priority: 0, type: 'NONE' }],
      },
    });
    expect(statement).toEqual({
      and_statement: { statement: [matching('method', 'GET'), matching('uri_path', '/health')] },
    });
  });

  test('refuse a client with 429 above the limit of requests in 5 minutes', () => {
    expect(rule('request-rate')).toMatchObject({
      action: tooMany,
      statement: {
        rate_based_statement: { limit: 2000, aggregate_key_type: 'IP', evaluation_window_sec: 300 },
      },
    });
    expect(rule('request-rate').statement).not.toHaveProperty('rate_based_statement.scope_down_statement');
  });

  test('count login attempts, with any spelling of their path, and nothing else', () => {
    const { action, statement } = rule('login-rate');
    expect(action).toEqual(tooMany);
    expect(statement).toEqual({
      rate_based_statement: {
        limit: 20,
        aggregate_key_type: 'IP',
        evaluation_window_sec: 300,
        scope_down_statement: {
          and_statement: {
            statement: [
              {
                byte_match_statement: {
                  field_to_match: { method: {} },
                  positional_constraint: 'EXACTLY',
                  search_string: 'POST',
                  text_transformation: [{ priority: 0, type: 'NONE' }],
                },
              },
              {
                byte_match_statement: {
                  field_to_match: { uri_path: {} },
                  positional_constraint: 'STARTS_WITH',
                  search_string: '/api/v1/auth/token',
                  text_transformation: [
                    { priority: 0, type: 'URL_DECODE' },
                    { priority: 1, type: 'LOWERCASE' },
                  ],
                },
              },
            ],
          },
        },
      },
    });
  });

  test('count several login routes together', () => {
    const template = templateWith({ loginPaths: ['/api/v1/auth/token', '/api/v1/Auth/login'] });
    const paths = JSON.stringify(rule('login-rate', template).statement).match(/"search_string":"\/[^"]*"/g);
    expect(paths).toEqual(['"search_string":"/api/v1/auth/token"', '"search_string":"/api/v1/auth/login"']);
  });

  test('refuse a body with 413 if it is longer than WAF reads', () => {
    expect(rule('body-size')).toMatchObject({
      action: block(413, 'too-large'),
      statement: {
        size_constraint_statement: {
          comparison_operator: 'GT',
          size: 65_536,
          field_to_match: { body: { oversize_handling: 'MATCH' } },
        },
      },
    });
    expect(templateWith().resource('aws_wafv2_web_acl').association_config).toEqual({
      request_body: [{ cloudfront: { default_size_inspection_limit: 'KB_64' } }],
    });
  });

  test.each([
    ['ip-reputation', 'AWSManagedRulesAmazonIpReputationList', ['AWSManagedIPDDoSList']],
    ['known-bad-inputs', 'AWSManagedRulesKnownBadInputsRuleSet', []],
    ['common', 'AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY', 'GenericRFI_BODY']],
  ])('%s: run %s, and count %j', (name, group, counted) => {
    expect(rule(name)).toMatchObject({ override_action: { none: {} } });
    expect(rule(name).statement).toEqual({
      managed_rule_group_statement: {
        name: group,
        vendor_name: 'AWS',
        rule_action_override: counted.map((one) => ({ name: one, action_to_use: { count: {} } })),
      },
    });
  });

  test('count the rule of 8 KB once, even if the configuration names it too', () => {
    const template = templateWith({ countedRules: { common: ['SizeRestrictions_BODY'] } });
    expect(rule('common', template).statement).toHaveProperty(
      'managed_rule_group_statement.rule_action_override',
      [{ name: 'SizeRestrictions_BODY', action_to_use: { count: {} } }],
    );
  });

  test('contain no rules against SQL injection', () => {
    expect(JSON.stringify(rulesOf(templateWith()))).not.toMatch(/sqli/i);
  });
});

describe('every statement', () => {
  const { ipReputation, knownBadInputs, common } = managedRuleGroups;
  const anyProps: fc.Arbitrary<WafRulesProps> = fc.record({
    requestLimit: fc.integer({ min: 10, max: 2_000_000_000 }),
    loginLimit: fc.integer({ min: 10, max: 2_000_000_000 }),
    loginPaths: fc.array(fc.constantFrom('/api/v1/auth/token', '/a', '/b'), { minLength: 1, maxLength: 5 }),
    allowedAddressSets: fc.constant(['arn:4', 'arn:6']),
    blockedAddressSets: fc.constant(['arn:4', 'arn:6']),
    countedRules: fc.record({
      ipReputation: fc.subarray([...ipReputation.rules]),
      knownBadInputs: fc.subarray([...knownBadInputs.rules]),
      common: fc.subarray([...common.rules]),
    }),
  });

  /** @returns every key at any depth below a value. */
  const keysBelow = (value: unknown): readonly string[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, member]) =>
          Array.isArray(value) ? keysBelow(member) : [key, ...keysBelow(member)],
        );

  test('has only keys that Terraform knows, in the synthesized file', () => {
    const keys = rulesOf(templateWith()).flatMap(({ statement }) => keysBelow(statement));
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !/^[a-z_]+$/.test(key))).toEqual([]);
  });

  test('has only keys that Terraform knows, with any configuration', () => {
    fc.assert(
      fc.property(anyProps, (props) => {
        const keys = wafRules(props).flatMap(({ statement }) => keysBelow(statement));
        expect(keys.filter((key) => !/^[a-z_]+$/.test(key))).toEqual([]);
      }),
    );
  });

  test('stays below the capacity that the price includes, with any configuration', () => {
    fc.assert(
      fc.property(anyProps, (props) => {
        const sum = wafRules(props).reduce((total, { statement }) => total + capacityOf(statement), 0);
        expect(sum).toBeGreaterThan(925);
        expect(sum).toBeLessThanOrEqual(includedCapacity);
      }),
    );
  });

  test('has a unique priority', () => {
    fc.assert(
      fc.property(anyProps, (props) => {
        const priorities = wafRules(props).map(({ priority }) => priority);
        expect(new Set(priorities).size).toBe(priorities.length);
        expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
      }),
    );
  });
});

describe('the capacity', () => {
  test.each([
    ['an address set', fromAddresses(['arn']), 1],
    ['two address sets', fromAddresses(['arn:4', 'arn:6']), 2],
    ['a size constraint', bodyOver(1), 1],
    ['the common rules', managedRules('common'), 700],
    ['all of them together', anyOf([bodyOver(1), managedRules('ipReputation')]), 26],
  ])('of %s', (_, statement, capacity) => {
    expect(capacityOf(statement)).toBe(capacity);
  });

  test('is 958 WCUs with one login route and all lists of addresses in use', () => {
    const sets = ['arn:4', 'arn:6'];
    const rules = wafRules({ ...settings, allowedAddressSets: sets, blockedAddressSets: sets });
    expect(rules.reduce((sum, { statement }) => sum + capacityOf(statement), 0)).toBe(
      4 + 25 + 2 + (2 + 2 + 22) + 1 + 200 + 700,
    );
  });

  test('of an unknown group is an error, not an estimate', () => {
    expect(() =>
      capacityOf({
        managed_rule_group_statement: { name: 'Other', vendor_name: 'AWS', rule_action_override: [] },
      }),
    ).toThrow(/Other is not in aws\/managed-rules.ts/);
  });

  test('above the capacity that the price includes makes the synth fail', () => {
    const loginPaths = Array.from({ length: 30 }, (_, index) => `/login/${index}`);
    expect(() => templateWith({ loginPaths })).toThrow(
      /WebAcl: the rules need \d+ WCUs, .* shorten loginPaths/,
    );
  });
});

test('an empty combination is refused, because WAF would refuse it', () => {
  expect(() => anyOf([])).toThrow(/leave its rule out/);
});

test('statements are blocks in HCL too, not attributes', () => {
  const stack = new TerraformStack(testApp(), 'test');
  const provider = new AwsProvider(stack, 'us', { region: 'us-east-1', alias: 'us-east-1' });
  new WebAcl(stack, 'WebAcl', { ...settings, provider });
  const { hcl } = stack.toHclTerraform();
  expect(hcl).toMatch(/statement \{\s+rate_based_statement \{\s+limit = 2000\n/);
  expect(hcl).not.toMatch(/statement = /);
});

describe('the web ACL', () => {
  const template = templateWith();
  const acl = template.resource('aws_wafv2_web_acl');

  test('is for CloudFront, in us-east-1, and admits requests that no rule refuses', () => {
    expect(acl).toMatchObject({
      name: 'kairos-prod',
      scope: 'CLOUDFRONT',
      provider: 'aws.us-east-1',
      default_action: { allow: {} },
    });
  });

  test('responds in JSON, and each response that a rule names exists', () => {
    const bodies = z
      .array(z.object({ key: z.string(), content: z.string(), content_type: z.string() }))
      .parse(acl.custom_response_body);
    expect(bodies.map(({ key }) => key)).toEqual(Object.keys(responseBodies));
    for (const { content, content_type } of bodies) {
      expect(content_type).toBe('APPLICATION_JSON');
      expect(JSON.parse(content)).toEqual({ message: expect.any(String) as string });
    }
    const named = [...JSON.stringify(acl.rule).matchAll(/"custom_response_body_key":"([^"]+)"/g)];
    expect(named).toHaveLength(4);
    expect(Object.keys(responseBodies)).toEqual(
      expect.arrayContaining(named.map(([, key]) => key)) as string[],
    );
  });

  test('has a separate address set for each IP version', () => {
    expect(Object.values(template.resources('aws_wafv2_ip_set'))).toEqual([
      expect.objectContaining({ ip_address_version: 'IPV4', addresses: ['203.0.113.7/32'] }),
      expect.objectContaining({ ip_address_version: 'IPV6', addresses: ['2001:db8:1::/48'] }),
      expect.objectContaining({
        ip_address_version: 'IPV4',
        addresses: ['198.51.100.0/24', '192.0.2.0/24'],
        scope: 'CLOUDFRONT',
        provider: 'aws.us-east-1',
      }),
      expect.objectContaining({ ip_address_version: 'IPV6', addresses: ['2001:db8:2::/48'] }),
    ]);
  });

  test('keeps all four sets if they are empty', () => {
    const bare = templateWith({ allowedAddresses: [], blockedAddresses: [] });
    const sets = Object.values(bare.resources('aws_wafv2_ip_set'));
    expect(sets.map(({ addresses }) => addresses)).toEqual([[], [], [], []]);
  });

  test('logs to a group that WAF accepts, in its own region, with a retention', () => {
    expect(template.resource('aws_cloudwatch_log_group')).toMatchObject({
      name: 'aws-waf-logs-kairos-prod',
      retention_in_days: 90,
      provider: 'aws.us-east-1',
    });
    const [group] = Object.keys(template.resources('aws_cloudwatch_log_group'));
    const [acl] = Object.keys(template.resources('aws_wafv2_web_acl'));
    expect(template.resource('aws_wafv2_web_acl_logging_configuration')).toMatchObject({
      resource_arn: `\${aws_wafv2_web_acl.${acl ?? ''}.arn}`,
      log_destination_configs: [`\${aws_cloudwatch_log_group.${group ?? ''}.arn}`],
    });
  });

  test('does not log credentials', () => {
    expect(template.resource('aws_wafv2_web_acl_logging_configuration')).toMatchObject({
      provider: 'aws.us-east-1',
      redacted_fields: ['authorization', 'cookie', 'x-api-key'].map((name) => ({ single_header: { name } })),
    });
  });
});
