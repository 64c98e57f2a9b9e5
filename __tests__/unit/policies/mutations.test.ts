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

/** What is said of a stack and may not stay. */
const faultsOf = (stack: TerraformStack) =>
  stack.node
    .findAll()
    .flatMap((construct) => findingsOf(construct, policies))
    .filter(({ reason }) => reason === undefined);

/** @returns the first resource of a class whose path has these words. */
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
    'hangs a firewall on its API',
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
    'lets a route ask nobody',
    production,
    (stack) => {
      one(stack, Apigatewayv2Route).resetAuthorizerId();
    },
  ],
  [
    'known-rights',
    'has what the deploy role may not make',
    production,
    (stack) => {
      new SqsQueue(stack, 'Queue', { name: 'kairos-prod' });
    },
  ],
  [
    'log-retention',
    'keeps a log for ever',
    production,
    (stack) => {
      one(stack, CloudwatchLogGroup).retentionInDays = 0;
    },
  ],
  [
    'stage-log',
    'logs no request',
    production,
    (stack) => {
      one(stack, Apigatewayv2Stage).resetAccessLogSettings();
    },
  ],
  [
    'stage-throttle',
    'admits any burst',
    production,
    (stack) => {
      one(stack, Apigatewayv2Stage).putDefaultRouteSettings({ throttlingRateLimit: 1 });
    },
  ],
  [
    'function-tracing',
    'traces nothing',
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').putTracingConfig({ mode: 'PassThrough' });
    },
  ],
  [
    'function-log',
    'names no log',
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').putLoggingConfig({ logFormat: 'JSON' });
    },
  ],
  [
    'function-role',
    'shares a role',
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
    'takes old TLS',
    production,
    (stack) => {
      one(stack, CloudfrontDistribution).putViewerCertificate({ minimumProtocolVersion: 'TLSv1.1_2016' });
    },
  ],
  [
    'no-star-action',
    'allows all of a service',
    production,
    (stack) => {
      one(stack, DataAwsIamPolicyDocument, 'ExecutionRole').putStatement([
        { actions: ['s3:*'], resources: ['arn:aws:s3:::kairos'] },
      ]);
    },
  ],
  [
    'no-star-resource',
    'names no resource',
    production,
    (stack) => {
      one(stack, DataAwsIamPolicyDocument, 'ExecutionRole').putStatement([
        { actions: ['ssm:GetParameter'], resources: ['*'] },
      ]);
    },
  ],
  [
    'no-secret-literal',
    'has a value of a secret',
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').putEnvironment({ variables: { SECRET_KEY: 'hunter2' } });
    },
  ],
  [
    'name-limit',
    'has a long name',
    production,
    (stack) => {
      one(stack, LambdaFunction, 'Backend').functionName = 'k'.repeat(65);
    },
  ],
  [
    'no-secret-in-state',
    'has a secret',
    production,
    (stack) => {
      new SsmParameter(stack, 'Secret', { name: '/kairos/prod/a', type: 'SecureString', valueWo: 'x' });
    },
  ],
  [
    'key-rotation',
    'keeps a key',
    production,
    (stack) => {
      one(stack, KmsKey).enableKeyRotation = false;
    },
  ],
  [
    'replaced-first',
    'deletes a certificate that is used',
    production,
    (stack) => {
      one(stack, AcmCertificate).lifecycle = {};
    },
  ],
  [
    'replaced-first',
    'deletes an authorizer that is used',
    production,
    (stack) => {
      one(stack, Apigatewayv2Authorizer).lifecycle = {};
    },
  ],
  [
    'replaced-first',
    'deletes an alarm that a composite names',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm).lifecycle = {};
    },
  ],
  [
    'alarm-action',
    'tells nobody',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm, 'Alarms/function-errors').alarmActions = [];
    },
  ],
  [
    'alarm-action',
    'leaves it to an alarm of alarms that names it no more',
    production,
    (stack) => {
      one(stack, CloudwatchCompositeAlarm).alarmRule = 'FALSE';
      one(stack, CloudwatchCompositeAlarm).resetActionsSuppressor();
    },
  ],
  [
    'alarm-action',
    'tells a topic elsewhere',
    production,
    (stack) => {
      const elsewhere = one(stack, SnsTopicPolicy, 'EdgeTopic');
      one(stack, CloudwatchMetricAlarm, 'Alarms/function-errors').alarmActions = [elsewhere.arn];
    },
  ],
  [
    'alarm-runbook',
    'leaves a person alone',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm).alarmDescription = 'help';
    },
  ],
  [
    'alarm-runbook',
    'leads a person to a section that is not there',
    production,
    (stack) => {
      one(stack, CloudwatchMetricAlarm).alarmDescription =
        '[page] help https://kairos/docs/runbook.md#alarm-none';
    },
  ],
  [
    'default-tags',
    'tags nothing',
    production,
    (stack) => {
      one(stack, AwsProvider).resetDefaultTags();
    },
  ],
  [
    'image-repository',
    'lets a tag move',
    foundation,
    (stack) => {
      one(stack, EcrRepository).imageTagMutability = 'MUTABLE';
    },
  ],
  [
    'image-repository',
    'scans nothing',
    foundation,
    (stack) => {
      one(stack, EcrRepository).putImageScanningConfiguration({ scanOnPush: false });
    },
  ],
  [
    'closed-buckets',
    'opens a bucket',
    foundation,
    (stack) => {
      one(stack, S3BucketPublicAccessBlock).blockPublicPolicy = false;
    },
  ],
  [
    'closed-buckets',
    'answers without TLS',
    foundation,
    (stack) => {
      one(stack, DataAwsIamPolicyDocument, 'State-').putStatement([]);
    },
  ],
  [
    'protected-state',
    'may lose its state',
    foundation,
    (stack) => {
      one(stack, S3Bucket).lifecycle = {};
    },
  ],
  [
    'protected-state',
    'may lose its images',
    foundation,
    (stack) => {
      one(stack, EcrRepository).lifecycle = {};
    },
  ],
  [
    'protected-state',
    'may lose the key of its secrets',
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
  it('breaks no rule', () => {
    expect(faultsOf(make())).toEqual([]);
  });
});

it.each(mutations)('%s alone speaks of a stack that %s', (rule, _, make, mutate) => {
  const stack = make();
  mutate(stack);
  // A resource that breaks another rule may be of a type that the stack has not, and so one without rights.
  const faults = faultsOf(stack).filter(({ policy }) => policy === rule || policy !== 'known-rights');
  expect(new Set(faults.map(({ policy }) => policy))).toEqual(new Set([rule]));
  // What is wrong and why; then how to mend it.
  for (const { fault } of faults) expect(fault).toMatch(/^[^;]{20,}; [^;]{10,}/);
});

it('breaks each rule', () => {
  const broken = new Set(mutations.map(([rule]) => rule));
  expect([...broken].sort()).toEqual(policies.map(({ name }) => name).sort());
});

const isPolicy = (value: unknown): value is Policy =>
  typeof value === 'object' && value !== null && 'faultsOf' in value;

it('every rule that a file of policies/ has stops a synthesis', async () => {
  const folder = join(resolve(__dirname, '..', '..', '..'), 'policies');
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>),
  );
  const written = new Set(modules.flatMap((module) => Object.values(module)).filter(isPolicy));
  expect([...written].filter((rule) => !policies.includes(rule))).toEqual([]);
  expect(written.size).toBe(policies.length);
});

it('lets a suppressed rule be broken where that is named, shows the reason, and suppresses no other', () => {
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
