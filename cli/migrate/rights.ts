import { placeOf } from '../../config/account';
import { type EnvironmentName, namesOf, stateBucketName } from '../../config/names';
import type { Configuration } from '../../config/types';
import { allow, type PolicyDocument } from '../rights';

/** @returns the minimum permissions of a role to plan a migration, and to copy the secrets. */
export function migrationPolicy(
  stack: string,
  environment: EnvironmentName,
  configuration: Pick<Configuration, 'accountId' | 'region' | 'image' | 'environments'>,
): { readonly plan: PolicyDocument; readonly secrets: PolicyDocument } {
  const { image } = configuration;
  const { accountId, region } = placeOf(configuration, environment);
  const at = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const { stack: own, secretsPath, keyAlias } = namesOf(environment);
  const bucket = `arn:aws:s3:::${stateBucketName(accountId, environment)}`;
  const look = [
    allow(
      ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
      at('cloudformation', `stack/${stack}/*`),
    ),
    // CloudFormation generates names that begin with the stack's name.
    allow(['lambda:GetFunction'], at('lambda', `function:${stack}*`)),
  ];
  return {
    plan: {
      Version: '2012-10-17',
      Statement: [
        ...look,
        allow(
          ['apigateway:GET'],
          [`arn:aws:apigateway:${region}::/apis/*`, `arn:aws:apigateway:${region}::/domainnames*`],
        ),
        allow(
          ['ecr:DescribeImages', 'ecr:DescribeRepositories'],
          at('ecr', `repository/${image.repository}`),
        ),
        allow(['s3:GetObject'], `${bucket}/${own}.tfstate`),
        allow(['s3:ListBucket'], bucket),
      ],
    },
    secrets: {
      Version: '2012-10-17',
      Statement: [
        ...look,
        allow(['ssm:DescribeParameters'], '*'),
        allow(['ssm:PutParameter'], at('ssm', `parameter${secretsPath}*`)),
        {
          ...allow(['kms:Encrypt'], at('kms', 'key/*')),
          Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': keyAlias } },
        },
      ],
    },
  };
}
