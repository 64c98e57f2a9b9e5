import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
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
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { type TerraformStack, Testing } from 'cdktf';
import type { IConstruct } from 'constructs';
import { configuration } from '../../../config/environments';
import { policies } from '../../../policies';
import { findingsOf } from '../../../policies/policy';
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
    apiKeyNames: { dev: [], staging: [], prod: [] },
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
  // A resource that breaks a rule may be of a type that the stack has not, and so one without rights.
  const faults = faultsOf(stack).filter(({ policy }) => policy !== 'known-rights');
  expect(new Set(faults.map(({ policy }) => policy))).toEqual(new Set([rule]));
});

/** Broken in policies.test.ts and known-rights.test.ts, where no construct of the project could be broken so. */
const elsewhere = ['web-acl-target', 'cloudfront-scope', 'locked-routes', 'known-rights'];

it('breaks each rule, here or in policies.test.ts', () => {
  const broken = [...mutations.map(([rule]) => rule), ...elsewhere];
  expect(policies.map(({ name }) => name).filter((name) => !broken.includes(name))).toEqual([]);
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
