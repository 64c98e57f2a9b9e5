import { resolve } from 'node:path';
import { z } from 'zod';
import { configuration } from '../../../config/environments';
import { synthesizedTemplates } from '../../support/synthesized';

const own = '111122223333';
const shared = configuration.accountId;
const region = 'eu-central-1';
const digest = `sha256:${'c'.repeat(64)}`;

const root = resolve(__dirname, '..', '..', '..');
const path = 'environments.prod.account';
const { template } = synthesizedTemplates(root, digest, { [path]: { id: own, region } });
const { template: near } = synthesizedTemplates(root, digest, { [path]: { id: own } });

const backendSchema = z.object({ s3: z.object({ region: z.string() }) });
const regionsOf = (stack: string) =>
  template(stack)
    .providers('aws')
    .map((provider) => provider.region);

function statement(stack: string, sid: string, of = template) {
  return of(stack)
    .policyStatements()
    .filter((each) => each.sid === sid);
}

describe('an environment whose account is in another region', () => {
  it('has its resources, except those of CloudFront, and its state in that region', () => {
    expect(regionsOf('kairos-prod')).toEqual([region, 'us-east-1']);
    expect(regionsOf('kairos-foundation-prod')).toEqual([region]);
    for (const stack of ['kairos-prod', 'kairos-foundation-prod'])
      expect(backendSchema.parse(template(stack).terraform.backend).s3.region).toBe(region);
  });

  it('runs the copy of the image in its own account and region, and looks it up there', () => {
    expect(template('kairos-prod').resource('aws_lambda_function', 'Backend').image_uri).toBe(
      `${own}.dkr.ecr.${region}.amazonaws.com/kairos@${digest}`,
    );
    const image = template('kairos-prod').data('aws_ecr_image');
    expect(image.repository_name).toBe('kairos');
    expect(image.registry_id).toBeUndefined();
  });

  it('does not contain the region of the table', () => {
    for (const stack of ['kairos-prod', 'kairos-foundation-prod'])
      expect(template(stack).json).not.toContain(configuration.region);
  });

  it('does not change the other environments', () => {
    for (const stack of ['kairos-dev', 'kairos-staging']) expect(template(stack).json).toBe(near(stack).json);
  });
});

describe('the copies of the images', () => {
  it('are made by the registry of the table, only for that repository', () => {
    expect(template('kairos-foundation').resource('aws_ecr_replication_configuration')).toMatchObject({
      replication_configuration: {
        rule: [
          {
            destination: [{ registry_id: own, region }],
            repository_filter: [{ filter: 'kairos', filter_type: 'PREFIX_MATCH' }],
          },
        ],
      },
    });
  });

  it('are received by a repository with the same settings, only from that account', () => {
    const foundation = template('kairos-foundation-prod');
    const { '//': here, ...repository } = foundation.resource('aws_ecr_repository');
    const { '//': there, ...source } = template('kairos-foundation').resource('aws_ecr_repository');
    expect([here, there]).not.toContain(undefined);
    expect(repository).toEqual(source);
    expect(Object.keys(foundation.resources('aws_ecr_registry_policy'))).toHaveLength(1);
    expect(statement('kairos-foundation-prod', 'ImagesAreCopiedHere')).toEqual([
      {
        sid: 'ImagesAreCopiedHere',
        principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${shared}:root`] }],
        actions: ['ecr:ReplicateImage'],
        resources: [`arn:aws:ecr:${region}:${own}:repository/kairos`],
      },
    ]);
  });

  it('make pulls from the account of the table unnecessary', () => {
    expect(statement('kairos-foundation', `FunctionOf${own}Pulls`)).toEqual([]);
    expect(statement('kairos-foundation', `FunctionOf${own}Pulls`, near)).toHaveLength(1);
  });

  it('do not exist in the region of the table', () => {
    for (const stack of ['kairos-foundation', 'kairos-foundation-prod']) {
      expect(near(stack).resources('aws_ecr_replication_configuration')).toEqual({});
      expect(near(stack).resources('aws_ecr_registry_policy')).toEqual({});
    }
  });
});

describe('the deploy role of a foundation', () => {
  const role = `arn:aws:iam::${shared}:role/aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication`;
  const has = (stack: string, action: string, of = template) =>
    of(stack)
      .policyStatements()
      .some(({ actions }) => JSON.stringify(actions).includes(action));

  it('may configure the replication, and let ECR create its role, in the account that sends the copies', () => {
    expect(has('kairos-foundation', 'ecr:PutReplicationConfiguration')).toBe(true);
    expect(statement('kairos-foundation', 'ReplicationRole')).toEqual([
      { sid: 'ReplicationRole', actions: ['iam:CreateServiceLinkedRole'], resources: [role] },
    ]);
    const [boundary] = statement('kairos-foundation', 'NobodyElsesIdentity');
    expect(boundary?.not_resources).toContain(role);
  });

  it('may set the registry policy in the account that receives the copies', () => {
    expect(has('kairos-foundation-prod', 'ecr:PutRegistryPolicy')).toBe(true);
    expect(has('kairos-foundation-prod', 'ecr:CreateRepository')).toBe(true);
    expect(has('kairos-foundation-prod', 'ecr:PutReplicationConfiguration')).toBe(false);
    expect(has('kairos-foundation', 'ecr:PutRegistryPolicy')).toBe(false);
  });

  it('may push images only to the registry of the table', () => {
    for (const action of ['ecr:PutImage', 'ecr:CompleteLayerUpload', 'ecr:BatchDeleteImage']) {
      expect(has('kairos-foundation', `"${action}"`)).toBe(true);
      expect(has('kairos-foundation-prod', `"${action}"`)).toBe(false);
    }
  });

  it('may configure neither side if no image is copied', () => {
    for (const stack of ['kairos-foundation', 'kairos-foundation-prod']) {
      expect(has(stack, 'ecr:PutReplicationConfiguration', near)).toBe(false);
      expect(has(stack, 'ecr:PutRegistryPolicy', near)).toBe(false);
      expect(has(stack, 'iam:CreateServiceLinkedRole', near)).toBe(false);
    }
  });
});
