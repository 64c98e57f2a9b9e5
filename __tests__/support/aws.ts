import { type ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { createHash } from 'node:crypto';
import type { Project } from './project';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** @returns credentials of a role. */
export async function assume(sts: STSClient, roleArn: string): Promise<Credentials> {
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test' }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

/** @returns the environment variables of a command that uses the credentials. */
export function credentialVariables({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}

/** @returns the ARN of a new role with one policy, which this account and a function may assume. */
export async function createRole(
  iam: IAMClient,
  name: string,
  accountId: string,
  statements: readonly object[],
): Promise<string> {
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root`, Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy([trust]) }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: 'test', PolicyDocument: policy(statements) }),
  );
  return Role?.Arn ?? '';
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** @returns the values of an environment's secrets, read as root, which must be found nowhere else. */
export async function secretValues(project: Project, environment: string): Promise<readonly string[]> {
  const { Parameters } = await project
    .clients()
    .ssm.send(
      new GetParametersByPathCommand({ Path: `/kairos/${environment}/secrets/`, WithDecryption: true }),
    );
  return (Parameters ?? []).map(({ Value }) => Value ?? '');
}

/** Pushes an image with other content; a deploy only uses its digest. @returns its digest. */
export async function putImage(ecr: ECRClient, imageTag: string): Promise<string> {
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: imageTag.length,
      digest: `sha256:${createHash('sha256').update(imageTag).digest('hex')}`,
    },
    layers: [],
  });
  const { image } = await ecr.send(
    new PutImageCommand({ repositoryName: 'kairos', imageManifest, imageTag }),
  );
  return image?.imageId?.imageDigest ?? '';
}
