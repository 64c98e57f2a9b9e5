import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { nameLimits } from '../../../aws/name-limits';
import { nameLimit } from '../../../policies/name-limit';
import { noSecretLiteral } from '../../../policies/no-secret-literal';
import { noStarResource } from '../../../policies/no-star-resource';
import type { Policy } from '../../../policies/policy';
import { testApp } from '../../support/template';

/** @returns the faults that a policy finds in the constructs of a function. */
function faultsOf(policy: Policy, make: (stack: TerraformStack) => unknown): readonly string[] {
  const stack = new TerraformStack(testApp(), 'test');
  make(stack);
  return stack.node.findAll().flatMap((construct) => policy.faultsOf(construct));
}

describe('no-star-resource', () => {
  const faultsIn = (statement: DataAwsIamPolicyDocumentStatement) =>
    faultsOf(noStarResource, (stack) => {
      new DataAwsIamPolicyDocument(stack, 'Document', { statement: [statement] });
    });

  it.each(['s3:GetObject', 'sns:Unsubscribe', 'route53:GetHealthCheck', 'ssm:Get*'])(
    'refuses %s on every resource, and says what to do',
    (action) => {
      const faults = faultsIn({ actions: [action], resources: ['*'] });
      expect(faults).toEqual([
        expect.stringMatching(/every resource of the account, .*name the resources, .*account-wide-actions/),
      ]);
    },
  );

  it.each<[string, DataAwsIamPolicyDocumentStatement]>([
    ['an action that only supports *', { actions: ['xray:PutTraceSegments'], resources: ['*'] }],
    ['an action with its resource', { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] }],
    ['a deny statement', { effect: 'Deny', actions: ['s3:GetObject'], resources: ['*'] }],
    [
      'a resource-based policy',
      {
        actions: ['kms:Decrypt'],
        resources: ['*'],
        principals: [{ type: 'Service', identifiers: ['sns.amazonaws.com'] }],
      },
    ],
    [
      'a resource that is created with a tag and has no ARN yet',
      {
        actions: ['kms:TagResource'],
        resources: ['*'],
        condition: [{ test: 'StringEquals', variable: 'aws:RequestTag/environment', values: ['dev'] }],
      },
    ],
  ])('accepts %s', (_, statement) => {
    expect(faultsIn(statement)).toEqual([]);
  });
});

describe('no-secret-literal', () => {
  // Concatenated, so that secret scanners do not report this file.
  const literals = [
    ['an access key of AWS', ['AKIA', 'ABCDEFGH01234567'].join('')],
    ['a private key', ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ')],
    ['a token of GitHub', `ghp_${'a1'.repeat(18)}`],
    ['a key of Resend', `re_a1b2c3d4_${'x9'.repeat(12)}`],
    ['a signed token', ['eyJhbGciOiJIUzI1', 'eyJzdWIiOiIxMjM0', 'x'.repeat(24)].join('.')],
    ['an address with a password', ['mongodb+srv://kairos', 'hunter2@cluster.example.net'].join(':')],
  ] as const;

  it.each(literals)('finds %s, and does not show it', (what, literal) => {
    const faults = faultsOf(noSecretLiteral, (stack) => {
      new SsmParameter(stack, 'Parameter', { name: '/a', type: 'String', value: literal });
    });
    expect(faults).toEqual([expect.stringContaining(`it contains ${what} in plain text`)]);
    expect(faults.join()).not.toContain(literal);
  });

  it('finds a secret in an output', () => {
    expect(
      faultsOf(noSecretLiteral, (stack) => {
        new TerraformOutput(stack, 'leak', { value: literals[0][1] });
      }),
    ).toHaveLength(1);
  });

  it("finds a secret's value that looks like any other text", () => {
    expect(
      faultsOf(noSecretLiteral, (stack) => {
        lambda(stack, { MONGO_PASSWORD: 'spring' });
      }),
    ).toEqual([expect.stringContaining('it contains a value of MONGO_PASSWORD in plain text')]);
  });

  it.each<Record<string, string>>([
    { KAIROS_REQUIRED_PARAMETERS: 'SECRET_KEY,MONGO_PASSWORD' },
    { CORS_ORIGINS: 'https://findkairos.com' },
    { MONGO_PASSWORD: '${data.aws_ssm_parameter.Password.value}' },
    { DIGEST: `sha256:${'a1'.repeat(32)}` },
  ])('does not report %j', (variables) => {
    expect(
      faultsOf(noSecretLiteral, (stack) => {
        lambda(stack, variables);
      }),
    ).toEqual([]);
  });
});

describe('name-limit', () => {
  it.each<[string, (stack: TerraformStack) => unknown, RegExp]>([
    [
      'a function of 65 characters',
      (stack) => lambda(stack, {}, 'k'.repeat(65)),
      /has 65 characters, and AWS allows 64/,
    ],
    [
      'a bucket with capital letters',
      (stack) => new S3Bucket(stack, 'Bucket', { bucket: 'Kairos' }),
      /"Kairos" has characters that AWS does not allow/,
    ],
    [
      'a topic with a dot',
      (stack) => new SnsTopic(stack, 'Topic', { name: 'kairos.prod' }),
      /"kairos\.prod" has characters/,
    ],
    [
      'a role of 65 characters',
      (stack) => new IamRole(stack, 'Role', { name: 'r'.repeat(65), assumeRolePolicy: '{}' }),
      /AWS allows 64.*API_CreateRole/,
    ],
  ])('refuses %s', (_, make, fault) => {
    expect(faultsOf(nameLimit, make)).toEqual([expect.stringMatching(fault)]);
  });

  it.each<[string, (stack: TerraformStack) => unknown]>([
    ['of 64 characters', (stack) => lambda(stack, {}, 'k'.repeat(64))],
    ['that Terraform builds from parts', (stack) => lambda(stack, {}, '${var.name}-backend')],
    ['that AWS makes', (stack) => new S3Bucket(stack, 'Bucket')],
  ])('accepts a name %s', (_, make) => {
    expect(faultsOf(nameLimit, make)).toEqual([]);
  });

  it.each(Object.entries(nameLimits))("has the link of AWS's page about the names of %s", (_, { source }) => {
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });
});

function lambda(
  stack: TerraformStack,
  variables: Record<string, string>,
  functionName = 'backend',
): LambdaFunction {
  return new LambdaFunction(stack, 'Function', { functionName, role: 'role', environment: { variables } });
}
