import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Wafv2IpSet } from '@cdktf/provider-aws/lib/wafv2-ip-set';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import { type TerraformStack, Testing } from 'cdktf';
import type { IConstruct } from 'constructs';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configuration } from '../../../config/environments';
import { policies } from '../../../policies';
import { findingsOf, type Policy } from '../../../policies/policy';
import { suppressions } from '../../../policies/suppressions';
import { BackendStack } from '../../../stacks/backend-stack';
import { FoundationStack } from '../../../stacks/foundation-stack';

const { accountId, region, repository, environments, image } = configuration;
const shared = { accountId, region, repository };
const { prod } = environments;
if (prod.edge === false) throw new Error('production has an edge');
const withDomain = { ...prod.edge, domain: { name: 'api.findkairos.com', zone: 'findkairos.com' } };

function production(): TerraformStack {
  return new BackendStack(Testing.app(), {
    ...shared,
    name: 'prod',
    environment: { ...prod, edge: withDomain },
    imageConfiguration: image,
  });
}

const foundation = () =>
  new FoundationStack(Testing.app(), {
    ...shared,
    imageRepository: image.repository,
    github: { ownerId: 1, repositoryId: 2, provider: 'make' },
  });

/** @returns the faults of a stack that no suppression allows. */
const faultsOf = (stack: TerraformStack) =>
  stack.node
    .findAll()
    .flatMap((construct) => findingsOf(construct, policies))
    .filter(({ reason }) => reason === undefined);

/** @returns the first resource of a class whose path contains this text. */
function one<Resource extends IConstruct>(
  stack: TerraformStack,
  type: new (...args: never[]) => Resource,
  path = '',
): Resource {
  const found = stack.node
    .findAll()
    .find(
      (construct): construct is Resource => construct instanceof type && construct.node.path.includes(path),
    );
  if (found === undefined) throw new Error(`there is no ${type.name} at ${path}`);
  return found;
}

type Mutation = readonly [
  rule: string,
  what: string,
  make: () => TerraformStack,
  mutate: (stack: TerraformStack) => void,
];

const mutations: readonly Mutation[] = [
  [
    'web-acl-target',
    'associates a firewall with its API',
    production,
    (stack) => {
      const { arn } = one(stack, Apigatewayv2Stage);
      new Wafv2WebAclAssociation(stack, 'Association', { webAclArn: 'arn', resourceArn: arn });
    },
  ],
  [
    'cloudfront-scope',
    'has its firewall in its own region',
    production,
    (stack) => {
      one(stack, Wafv2WebAcl).provider = undefined;
    },
  ],
  [
    'cloudfront-scope',
    'has its addresses in its own region',
    production,
    (stack) => {
      one(stack, Wafv2IpSet).provider = undefined;
    },
  ],
  [
    'locked-routes',
    'has a route without an authorizer',
    production,
    (stack) => {
      one(stack, Apigatewayv2Route).resetAuthorizerId();
    },
  ],
  [
    'known-rights',
    'has a resource that the deploy role may not create',
    production,
    (stack) => {
      new SqsQueue(stack, 'Queue', { name: 'kairos-prod' });
    },
  ],
  [
    'log-retention',
    'keeps a log forever',
    production,
    (stack) => {
      one(stack, CloudwatchLogGroup).retentionInDays = 0;
    },
  ],
  [
    'stage-log',
    'does not log requests',
    production,
    (stack) => {
      one(stack, Apigatewayv2Stage).resetAccessLogSettings();
    },
  ],
  [
    'stage-throttle',
    'allows any burst',
    production,
    (stack) => {
      one(stack, Apigatewayv2Stage).putDefaultRouteSettings({ throttlingRateLimit: 1 });
    },
  ],
  [
    'function-tracing',
    'does not trace its function',
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').putTracingConfig({ mode: 'PassThrough' });
    },
  ],
  [
    'function-log',
    'has a function without a log group',
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').putLoggingConfig({ logFormat: 'JSON' });
    },
  ],
  [
    'function-role',
    'shares a role between functions',
    production,
    (stack) => {
      const [backend, authorizer] = [
        one(stack, LambdaFunction, 'Backend'),
        one(stack, LambdaFunction, 'OriginLock'),
      ];
      authorizer.role = backend.roleInput ?? '';
    },
  ],
  [
    'protected-distribution',
    'has no firewall',
    production,
    (stack) => {
      one(stack, CloudfrontDistribution).resetWebAclId();
    },
  ],
  [
    'protected-distribution',
    'allows old TLS versions',
    production,
    (stack) => {
      one(stack, CloudfrontDistribution).putViewerCertificate({ minimumProtocolVersion: 'TLSv1.1_2016' });
    },
  ],
  [
    'no-star-action',
    'allows every action of a service',
    production,
    (stack) => {
      one(stack, DataAwsIamPolicyDocument, 'ExecutionRole').putStatement([
        { actions: ['s3:*'], resources: ['arn:aws:s3:::kairos'] },
      ]);
    },
  ],
  [
    'no-star-resource',
    'allows every resource',
    production,
    (stack) => {
      one(stack, DataAwsIamPolicyDocument, 'ExecutionRole').putStatement([
        { actions: ['ssm:GetParameter'], resources: ['*'] },
      ]);
    },
  ],
  [
    'no-secret-literal',
    "contains a secret's value",
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').putEnvironment({ variables: { SECRET_KEY: 'hunter2' } });
    },
  ],
  [
    'name-limit',
    'has a name that is too long',
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').functionName = 'k'.repeat(65);
    },
  ],
  [
    'no-secret-in-state',
    'reads a secret into the state',
    production,
    (stack) => {
      new SsmParameter(stack, 'Secret', { name: '/kairos/prod/a', type: 'SecureString', valueWo: 'x' });
    },
  ],
  [
    'key-rotation',
    'does not rotate a key',
    production,
    (stack) => {
      one(stack, KmsKey).enableKeyRotation = false;
    },
  ],
  [
    'replaced-first',
    'deletes a certificate that is in use',
    production,
    (stack) => {
      one(stack, AcmCertificate).lifecycle = {};
    },
  ],
  [
    'replaced-first',
    'deletes an authorizer that is in use',
    production,
    (stack) => {
      one(stack, Apigatewayv2Authorizer).lifecycle = {};
    },
  ],
  [
    'replaced-first',
    'deletes an alarm that a composite contains',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm).lifecycle = {};
    },
  ],
  [
    'alarm-action',
    'has an alarm that notifies nobody',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm, 'Alarms/function-errors').alarmActions = [];
    },
  ],
  [
    'alarm-action',
    'has an alarm without actions that its composite does not contain any more',
    production,
    (stack) => {
      one(stack, CloudwatchCompositeAlarm).alarmRule = 'FALSE';
      one(stack, CloudwatchCompositeAlarm).resetActionsSuppressor();
    },
  ],
  [
    'alarm-action',
    'notifies a topic in another region',
    production,
    (stack) => {
      const elsewhere = one(stack, SnsTopicPolicy, 'EdgeTopic');
      one(stack, CloudwatchMetricAlarm, 'Alarms/function-errors').alarmActions = [elsewhere.arn];
    },
  ],
  [
    'alarm-runbook',
    'has an alarm without a runbook',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm).alarmDescription = 'help';
    },
  ],
  [
    'alarm-runbook',
    'links to a section of the runbook that does not exist',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm).alarmDescription =
        '[page] help https://kairos/docs/runbook.md#alarm-none';
    },
  ],
  [
    'default-tags',
    'has no default tags',
    production,
    (stack) => {
      one(stack, AwsProvider).resetDefaultTags();
    },
  ],
  [
    'image-repository',
    'has mutable tags',
    foundation,
    (stack) => {
      one(stack, EcrRepository).imageTagMutability = 'MUTABLE';
    },
  ],
  [
    'image-repository',
    'does not scan images',
    foundation,
    (stack) => {
      one(stack, EcrRepository).putImageScanningConfiguration({ scanOnPush: false });
    },
  ],
  [
    'closed-buckets',
    'has a public bucket',
    foundation,
    (stack) => {
      one(stack, S3BucketPublicAccessBlock).blockPublicPolicy = false;
    },
  ],
  [
    'closed-buckets',
    'accepts requests without TLS',
    foundation,
    (stack) => {
      one(stack, DataAwsIamPolicyDocument, 'State-').putStatement([]);
    },
  ],
  [
    'protected-state',
    'can lose its state',
    foundation,
    (stack) => {
      one(stack, S3Bucket).lifecycle = {};
    },
  ],
  [
    'protected-state',
    'can lose its images',
    foundation,
    (stack) => {
      one(stack, EcrRepository).lifecycle = {};
    },
  ],
  [
    'protected-state',
    'can lose the key of its secrets',
    foundation,
    (stack) => {
      one(stack, KmsKey).lifecycle = {};
    },
  ],
];

describe.each([
  ['production', production],
  ['the foundation', foundation],
])('the stack of %s', (_, make) => {
  it('violates no policy', () => {
    expect(faultsOf(make())).toEqual([]);
  });
});

it.each(mutations)('%s is the only policy that a stack violates if it %s', (rule, _, make, mutate) => {
  const stack = make();
  mutate(stack);
  // A resource that violates a policy may be of a type that the stack does not have otherwise, and so has no
  // permissions.
  const faults = faultsOf(stack).filter(({ policy }) => policy === rule || policy !== 'known-rights');
  expect(new Set(faults.map(({ policy }) => policy))).toEqual(new Set([rule]));
  // What is wrong and why, then how to correct it.
  for (const { fault } of faults) expect(fault).toMatch(/^[^;]{20,}; [^;]{10,}/);
});

it('there is a stack that violates each policy', () => {
  const broken = new Set(mutations.map(([rule]) => rule));
  expect([...broken].sort()).toEqual(policies.map(({ name }) => name).sort());
});

const isPolicy = (value: unknown): value is Policy =>
  typeof value === 'object' && value !== null && 'faultsOf' in value;

it('every policy in policies/ is enforced', async () => {
  const folder = join(resolve(__dirname, '..', '..', '..'), 'policies');
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>),
  );
  const written = new Set(modules.flatMap((module) => Object.values(module)).filter(isPolicy));
  expect([...written].filter((rule) => !policies.includes(rule))).toEqual([]);
  expect(written.size).toBe(policies.length);
});

it('a suppression allows its policy only where it says, shows the reason, and suppresses no other policy', () => {
  const stack = production();
  const group = one(stack, CloudwatchLogGroup, 'FunctionLog');
  group.retentionInDays = 0;
  const reasonsWith = (policy: string) =>
    findingsOf(group, policies, [{ policy, at: /FunctionLog/, reason: 'a test' }]).map(
      ({ reason }) => reason,
    );
  expect(reasonsWith('log-retention')).toEqual(['a test']);
  expect(reasonsWith('stage-log')).toEqual([undefined]);
});

it.each(suppressions)('is still needed: the suppression of $policy at $at', ({ policy, at }) => {
  const unsuppressed = [production(), foundation()]
    .flatMap(({ node }) => node.findAll())
    .flatMap((construct) => findingsOf(construct, policies, []));
  expect(unsuppressed.filter((finding) => finding.policy === policy && at.test(finding.path))).not.toEqual(
    [],
  );
});
