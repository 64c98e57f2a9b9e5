import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Wafv2IpSet } from '@cdktf/provider-aws/lib/wafv2-ip-set';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import { Fn, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { cloudfrontScope } from '../../../policies/cloudfront-scope';
import { lockedRoutes } from '../../../policies/locked-routes';
import { enforce } from '../../../policies/policy';
import { stageThrottle } from '../../../policies/stage-throttle';
import { webAclTarget } from '../../../policies/web-acl-target';
import { openOnPurpose } from '../../../stacks/open-origin';
import { testApp } from '../../support/template';

/**
 * The policies that this file tests. mutations.test.ts tests that only the violated policy reports a fault.
 */
const policies = [webAclTarget, cloudfrontScope, stageThrottle, lockedRoutes];

/** Synthesizes a stack like main.ts does. */
function synthesize(make: (stack: TerraformStack) => void): void {
  const app = testApp();
  const stack = new TerraformStack(app, 'test');
  new AwsProvider(stack, 'aws', { region: 'eu-west-2' });
  make(stack);
  enforce(app, policies);
  app.synth();
}

const api = (stack: TerraformStack, name = 'Api') =>
  new Apigatewayv2Api(stack, name, { name, protocolType: 'HTTP' });

const usEast1 = (stack: TerraformStack) =>
  new AwsProvider(stack, 'aws-us-east-1', { region: 'us-east-1', alias: 'us-east-1' });

const visibilityConfig = { metricName: 'm', cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };

function distribution(stack: TerraformStack, domainName: string): void {
  new CloudfrontDistribution(stack, 'Distribution', {
    enabled: true,
    origin: [{ originId: 'api', domainName }],
    defaultCacheBehavior: {
      targetOriginId: 'api',
      allowedMethods: ['GET', 'HEAD'],
      cachedMethods: ['GET', 'HEAD'],
      viewerProtocolPolicy: 'https-only',
    },
    restrictions: { geoRestriction: { restrictionType: 'none' } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
  });
}

const hostOf = (of: Apigatewayv2Api) => Fn.replace(of.apiEndpoint, 'https://', '');

describe('web-acl-target', () => {
  const associate = (resourceArn: (stack: TerraformStack) => string) => () => {
    synthesize((stack) => {
      new Wafv2WebAclAssociation(stack, 'Association', { webAclArn: 'arn', resourceArn: resourceArn(stack) });
    });
  };

  test.each([
    [
      'a stage',
      (stack: TerraformStack) =>
        new Apigatewayv2Stage(stack, 'Stage', {
          apiId: api(stack).id,
          name: '$default',
          defaultRouteSettings: { throttlingRateLimit: 1, throttlingBurstLimit: 1 },
        }).arn,
    ],
    ['an API', (stack: TerraformStack) => `${api(stack).arn}/stages/$default`],
    ['a literal ARN', () => 'arn:aws:apigateway:eu-west-2::/apis/a1b2c3d4/stages/$default'],
  ])('refuses a web ACL on %s of an HTTP API', (_, target) => {
    expect(associate(target)).toThrow(/web-acl-target: AWS WAF cannot be attached .* constructs\/edge/);
  });

  test('accepts a web ACL on a REST API', () => {
    expect(associate(() => 'arn:aws:apigateway:eu-west-2::/restapis/a1b2c3d4/stages/live')).not.toThrow();
  });
});

describe('cloudfront-scope', () => {
  test.each([
    ['no provider', () => undefined],
    [
      'the provider of another region',
      (stack: TerraformStack) => new AwsProvider(stack, 'other', { region: 'eu-central-1', alias: 'other' }),
    ],
  ])('refuses scope CLOUDFRONT with %s', (_, provider) => {
    expect(() => {
      synthesize((stack) => {
        new Wafv2WebAcl(stack, 'Acl', {
          provider: provider(stack),
          name: 'acl',
          scope: 'CLOUDFRONT',
          defaultAction: { allow: {} },
          visibilityConfig,
        });
      });
    }).toThrow(
      /cloudfront-scope: .* only in us-east-1, and the region of this provider is eu-(west-2|central-1)/,
    );
  });

  test('refuses an address set in another region too', () => {
    expect(() => {
      synthesize((stack) => {
        new Wafv2IpSet(stack, 'Set', {
          name: 'set',
          scope: 'CLOUDFRONT',
          ipAddressVersion: 'IPV4',
          addresses: [],
        });
      });
    }).toThrow(/cloudfront-scope/);
  });

  test('accepts scope CLOUDFRONT in us-east-1', () => {
    expect(() => {
      synthesize((stack) => {
        new Wafv2WebAcl(stack, 'Acl', {
          provider: usEast1(stack),
          name: 'acl',
          scope: 'CLOUDFRONT',
          defaultAction: { allow: {} },
          visibilityConfig,
        });
      });
    }).not.toThrow();
  });

  test('accepts scope REGIONAL in any region', () => {
    expect(() => {
      synthesize((stack) => {
        new Wafv2WebAcl(stack, 'Acl', {
          name: 'acl',
          scope: 'REGIONAL',
          defaultAction: { allow: {} },
          visibilityConfig,
        });
      });
    }).not.toThrow();
  });
});

describe('stage-throttle', () => {
  const stageWith = (defaultRouteSettings?: {
    throttlingRateLimit?: number;
    throttlingBurstLimit?: number;
  }) => {
    synthesize((stack) => {
      new Apigatewayv2Stage(stack, 'Stage', { apiId: api(stack).id, name: '$default', defaultRouteSettings });
    });
  };

  test.each([
    ['no settings', undefined, /throttlingRateLimit is missing/],
    ['no burst', { throttlingRateLimit: 1 }, /throttlingBurstLimit is missing/],
    ['no rate', { throttlingBurstLimit: 1 }, /throttlingRateLimit is missing/],
    ['a rate of 0', { throttlingRateLimit: 0, throttlingBurstLimit: 1 }, /throttlingRateLimit is 0/],
    ['a burst of 0', { throttlingRateLimit: 1, throttlingBurstLimit: 0 }, /throttlingBurstLimit is 0/],
  ])('refuses a stage with %s', (_, settings, message) => {
    expect(() => {
      stageWith(settings);
    }).toThrow(message);
  });

  test('accepts a stage with both limits', () => {
    expect(() => {
      stageWith({ throttlingRateLimit: 1, throttlingBurstLimit: 1 });
    }).not.toThrow();
  });
});

describe('locked-routes', () => {
  const locked = { authorizationType: 'CUSTOM', authorizerId: 'authorizer' };

  const routesWith = (settings: { authorizationType?: string; authorizerId?: string }, edge = true) => {
    synthesize((stack) => {
      const behind = api(stack);
      new Apigatewayv2Route(stack, 'Locked', { apiId: behind.id, routeKey: 'ANY /', ...locked });
      new Apigatewayv2Route(stack, 'Other', { apiId: behind.id, routeKey: 'ANY /{proxy+}', ...settings });
      if (edge) {
        distribution(stack, hostOf(behind));
      }
    });
  };

  test.each([
    ['no authorization', {}],
    ['authorization NONE', { authorizationType: 'NONE' }],
    ['another kind of authorizer', { authorizationType: 'JWT', authorizerId: 'jwt' }],
    ['no authorizer id', { authorizationType: 'CUSTOM' }],
  ])('refuses a route with %s behind the edge', (_, settings) => {
    expect(() => {
      routesWith(settings);
    }).toThrow(/locked-routes: the route "ANY \/\{proxy\+\}" .* would bypass the firewall/);
  });

  test('accepts routes with the authorizer', () => {
    expect(() => {
      routesWith(locked);
    }).not.toThrow();
  });

  test('accepts routes that are open on purpose, but not the other routes', () => {
    const opened = (...ids: readonly string[]) => {
      synthesize((stack) => {
        const behind = api(stack);
        distribution(stack, hostOf(behind));
        const open = new Construct(stack, 'Open');
        openOnPurpose(open, 'kairos-prod');
        for (const id of ids) {
          const scope = id === 'Inside' ? open : stack;
          new Apigatewayv2Route(scope, id, { apiId: behind.id, routeKey: `ANY /${id}` });
        }
      });
    };
    expect(() => {
      opened('Inside');
    }).not.toThrow();
    expect(() => {
      opened('Inside', 'Outside');
    }).toThrow(/locked-routes: the route "ANY \/Outside"/);
  });

  test('accepts open routes without an edge', () => {
    expect(() => {
      routesWith({}, false);
    }).not.toThrow();
  });

  test('accepts open routes of another API', () => {
    expect(() => {
      synthesize((stack) => {
        distribution(stack, hostOf(api(stack)));
        new Apigatewayv2Route(stack, 'Other', { apiId: api(stack, 'OtherApi').id, routeKey: 'ANY /' });
      });
    }).not.toThrow();
  });
});

test('all faults of a stack are reported at once', () => {
  expect(() => {
    synthesize((stack) => {
      const behind = api(stack);
      new Apigatewayv2Stage(stack, 'Stage', { apiId: behind.id, name: '$default' });
      new Apigatewayv2Route(stack, 'Route', { apiId: behind.id, routeKey: 'ANY /' });
      distribution(stack, hostOf(behind));
    });
  }).toThrow(/stage-throttle[\s\S]*locked-routes/);
});
