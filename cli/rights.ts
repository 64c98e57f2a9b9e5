import { placeOf } from '../config/account';
import { type EnvironmentName, namesOf, stateBucketName } from '../config/names';
import type { Configuration } from '../config/types';
import { ownNamespace } from '../aws/own-metrics';
import { logGroupOf, logSources } from './logs/sources';

/** The commands that can run with a role of their own, which may do only that. */
export type PolicyCommand = 'logs' | 'rollback' | 'smoke' | 'status';

export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  /** @default - no condition */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

type Configured = Pick<Configuration, 'accountId' | 'region' | 'image' | 'environments'>;

/**
 * @returns the minimum permissions of a command. For `rollback` these are the permissions for `--list` and
 * `--alias-only`, because the rest is a deploy.
 */
export function policyOf(
  command: PolicyCommand,
  environment: EnvironmentName,
  configuration: Configured,
): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements[command](resourcesOf(environment, configuration)) };
}

type Resources = ReturnType<typeof resourcesOf>;

const statements: Readonly<Record<PolicyCommand, (resources: Resources) => readonly PolicyStatement[]>> = {
  logs: ({ logGroups }) => [
    allow(['logs:FilterLogEvents', 'logs:StartQuery'], logGroups),
    allow(['logs:DescribeQueryDefinitions', 'logs:GetQueryResults'], '*'),
  ],
  rollback: ({ functions, state, bucket, repository, namespace }) => [
    allow(
      ['lambda:GetAlias', 'lambda:GetFunction', 'lambda:ListVersionsByFunction', 'lambda:UpdateAlias'],
      functions,
    ),
    allow(['s3:GetObject'], state),
    allow(['s3:ListBucket'], bucket),
    allow(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], repository),
    {
      ...allow(['cloudwatch:PutMetricData'], '*'),
      Condition: { StringEquals: { 'cloudwatch:namespace': namespace } },
    },
  ],
  smoke: ({ functions, state, record, bucket }) => [
    allow(['lambda:GetAlias', 'lambda:GetFunction'], functions),
    allow(['s3:GetObject'], [state, record]),
    allow(['s3:PutObject'], record),
    // Without it, S3 answers that a missing object is forbidden, not that it is missing.
    allow(['s3:ListBucket'], bucket),
  ],
  status: ({ functions, state, lock, record, bucket, repository }) => [
    allow(['lambda:GetAlias', 'lambda:GetFunction'], functions),
    allow(['s3:GetObject'], [state, lock, record]),
    allow(['s3:ListBucket'], bucket),
    allow(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], repository),
    allow(['cloudwatch:DescribeAlarms', 'ssm:DescribeParameters'], '*'),
  ],
};

function resourcesOf(environment: EnvironmentName, configuration: Configured) {
  const { image } = configuration;
  const { accountId, region, registryId } = placeOf(configuration, environment);
  const names = namesOf(environment);
  const bucket = `arn:aws:s3:::${stateBucketName(accountId, environment)}`;
  const backend = `arn:aws:lambda:${region}:${accountId}:function:${names.function}`;
  return {
    functions: [backend, `${backend}:*`],
    bucket,
    state: `${bucket}/${names.stack}.tfstate`,
    lock: `${bucket}/${names.stack}.tfstate.tflock`,
    record: `${bucket}/${names.smokeRecord}`,
    namespace: ownNamespace(names.stack),
    repository: `arn:aws:ecr:${region}:${registryId}:repository/${image.repository}`,
    logGroups: logSources.map((source) => {
      const group = logGroupOf(source, names, region);
      return `arn:aws:logs:${group.region}:${accountId}:log-group:${group.name}:*`;
    }),
  };
}

/** @returns a statement that allows actions on resources. */
export function allow(Action: readonly string[], Resource: string | readonly string[]): PolicyStatement {
  return { Effect: 'Allow', Action, Resource };
}
