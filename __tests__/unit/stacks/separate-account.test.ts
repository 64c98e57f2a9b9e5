import { resolve } from 'node:path';
import { z } from 'zod';
import { configuration } from '../../../config/environments';
import { environmentNames, namesOf } from '../../../config/names';
import { synthesizedTemplates } from '../../support/synthesized';

const own = '111122223333';
const shared = configuration.accountId;
const digest = `sha256:${'c'.repeat(64)}`;

const root = resolve(__dirname, '..', '..', '..');
const { names, template } = synthesizedTemplates(root, digest, {
  'environments.prod.account': { id: own },
});
const before = synthesizedTemplates(root, digest, {});

const backendSchema = z.object({ s3: z.object({ bucket: z.string(), key: z.string() }) });
const backendOf = (stack: string) => backendSchema.parse(template(stack).terraform.backend).s3;

const accountsOf = (stack: string) =>
  new Set(
    template(stack)
      .providers('aws')
      .map(({ allowed_account_ids: ids }) => JSON.stringify(ids)),
  );

describe('an environment with a separate account', () => {
  it('has a foundation stack for that account, and the others have none', () => {
    expect(names).toEqual([
      'kairos-dev',
      'kairos-foundation',
      'kairos-foundation-prod',
      'kairos-prod',
      'kairos-staging',
    ]);
    expect(before.names).not.toContain('kairos-foundation-prod');
  });

  it.each(['kairos-prod', 'kairos-foundation-prod'])('lets %s change only that account', (stack) => {
    expect([...accountsOf(stack)]).toEqual([`["${own}"]`]);
  });

  it('keeps its state and that of its foundation in that account', () => {
    expect(backendOf('kairos-prod')).toMatchObject({
      bucket: `kairos-tfstate-${own}-prod`,
      key: 'kairos-prod.tfstate',
    });
    expect(backendOf('kairos-foundation-prod')).toMatchObject({
      bucket: `kairos-tfstate-${own}-shared`,
      key: 'kairos-foundation-prod.tfstate',
    });
  });

  it('runs an image of the shared account, and looks it up there', () => {
    expect(template('kairos-prod').resource('aws_lambda_function', 'Backend').image_uri).toBe(
      `${shared}.dkr.ecr.eu-west-2.amazonaws.com/kairos@${digest}`,
    );
    expect(template('kairos-prod').data('aws_ecr_image')).toMatchObject({ registry_id: shared });
    expect(template('kairos-dev').data('aws_ecr_image').registry_id).toBeUndefined();
  });

  it('does not change the others', () => {
    for (const name of ['kairos-dev', 'kairos-staging'])
      expect(template(name).json).toBe(before.template(name).json);
  });

  it('gets no events of image scans, which are sent in the account of the images', () => {
    expect(template('kairos-prod').resources('aws_cloudwatch_event_rule')).toEqual({});
    expect(Object.keys(before.template('kairos-prod').resources('aws_cloudwatch_event_rule'))).toHaveLength(
      1,
    );
  });
});

describe('the foundation of its account', () => {
  const foundation = template('kairos-foundation-prod');

  it('contains buckets, key, secrets and roles of that environment, and no repository', () => {
    const named = (type: string, argument: string) =>
      Object.values(foundation.resources(type))
        .map((resource) => resource[argument])
        .sort();
    expect(named('aws_s3_bucket', 'bucket')).toEqual([
      `kairos-tfstate-${own}-prod`,
      `kairos-tfstate-${own}-shared`,
    ]);
    expect(named('aws_kms_alias', 'name')).toEqual(['alias/kairos-prod']);
    expect(named('aws_ssm_parameter', 'name')).toContain('/kairos/prod/secrets/SECRET_KEY');
    expect(named('aws_iam_role', 'name')).toEqual([
      'kairos-foundation-deploy',
      'kairos-foundation-plan',
      'kairos-prod-deploy',
      'kairos-prod-plan',
    ]);
    expect(Object.keys(foundation.resources('aws_iam_openid_connect_provider'))).toHaveLength(1);
    expect(foundation.resources('aws_ecr_repository')).toEqual({});
  });

  it('contains no other environment', () => {
    for (const name of environmentNames.filter((each) => each !== 'prod')) {
      expect(foundation.json).not.toContain(namesOf(name).stack);
    }
  });

  it('lets the deploy roles only pull images from the shared account', () => {
    const repository = `arn:aws:ecr:eu-west-2:${shared}:repository/kairos`;
    const ofImages = foundation
      .policyStatements()
      .filter((statement) => JSON.stringify(statement.actions).includes('ecr:'));
    expect(ofImages.map(({ sid, resources }) => [sid, resources])).toEqual([
      ['Repository', [repository]],
      ['Repository', [repository]],
    ]);
    expect(JSON.stringify(ofImages)).not.toMatch(/ecr:(Put|Create|Delete|Set|Upload)/);
  });
});

describe('the foundation of the shared account', () => {
  const foundation = template('kairos-foundation');

  it('contains nothing of that environment', () => {
    expect(Object.values(foundation.resources('aws_kms_alias')).map(({ name }) => name)).toEqual([
      'alias/kairos-dev',
      'alias/kairos-staging',
    ]);
    expect(foundation.json).not.toContain('/kairos/prod/');
    expect(foundation.json).not.toContain(`kairos-tfstate-${shared}-prod`);
  });

  it('lets only that function and the roles of that account pull', () => {
    const pulls = foundation
      .policyStatements()
      .filter(({ sid }) => /^(Functions?Of|RolesOf)/.test(String(sid)));
    expect(pulls).toEqual([
      expect.objectContaining({ sid: 'FunctionsOfThisAccountPull' }),
      {
        sid: `FunctionOf${own}Pulls`,
        principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
        actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        condition: [
          {
            test: 'ArnLike',
            variable: 'aws:SourceArn',
            values: [
              `arn:aws:lambda:eu-west-2:${own}:function:kairos-prod`,
              `arn:aws:lambda:eu-west-2:${own}:function:kairos-prod:*`,
            ],
          },
        ],
      },
      {
        sid: `RolesOf${own}Deploy`,
        principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${own}:root`] }],
        actions: [
          'ecr:BatchGetImage',
          'ecr:GetDownloadUrlForLayer',
          'ecr:DescribeImages',
          'ecr:DescribeImageScanFindings',
          'ecr:DescribeRepositories',
        ],
      },
    ]);
  });
});
