import { configuration } from '../../../config/environments';
import { environmentNames, namesOf, secretNames, stateOwners } from '../../../config/names';
import type { ReleaseInputs } from '../../../config/release';
import { settingsOf } from '../../../config/settings';
import type { Environment } from '../../../config/types';
import { BackendStack } from '../../../stacks/backend-stack';
import { FoundationStack } from '../../../stacks/foundation-stack';
import { Template, testApp } from '../../support/template';

const shared = {
  accountId: configuration.accountId,
  region: configuration.region,
  repository: configuration.repository,
};
const digest = `sha256:${'a'.repeat(64)}`;

function backendTemplate(
  name: 'dev' | 'staging' | 'prod',
  release: string | ReleaseInputs = {},
  changes: Partial<Environment> = {},
): Template {
  return Template.of(
    new BackendStack(testApp(), {
      ...shared,
      name,
      environment: { ...configuration.environments[name], ...changes },
      imageConfiguration: configuration.image,
      release: typeof release === 'string' ? { digest: release } : release,
    }),
  );
}

const foundation = Template.of(
  new FoundationStack(testApp(), {
    ...shared,
    imageRepository: 'kairos',
    apiKeyNames: { prod: ['API_KEY_PARTNER'] },
  }),
);

describe.each(environmentNames)('the stack of %s', (name) => {
  const template = backendTemplate(name);

  it('keeps its state in its own bucket, locked by S3 itself', () => {
    expect(template.terraform.backend).toEqual({
      s3: {
        bucket: `kairos-tfstate-992382417038-${name}`,
        key: `kairos-${name}.tfstate`,
        region: 'eu-west-2',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it('changes only one account, and tags its resources', () => {
    expect(template.providers('aws')[0]).toEqual({
      region: 'eu-west-2',
      allowed_account_ids: ['992382417038'],
      default_tags: [
        {
          tags: {
            project: 'kairos',
            environment: name,
            'managed-by': 'cdktf',
            repository: 'github.com/findkairos/kairos-infrastructure',
          },
        },
      ],
    });
  });

  it('has no variables: a plan needs none', () => {
    expect(template.variables).toEqual([]);
  });

  it('contains no parameter: secrets are in the foundation, settings in the version', () => {
    expect(template.resources('aws_ssm_parameter')).toEqual({});
  });

  it('passes the settings to the function, and the names of the required secrets', () => {
    expect(template.resource('aws_lambda_function', 'Backend').environment).toMatchObject({
      variables: {
        ...settingsOf(configuration.environments[name]),
        KAIROS_PARAMETER_PATH: `/kairos/${name}/secrets/`,
        KAIROS_REQUIRED_PARAMETERS: secretNames.join(','),
      },
    });
  });

  it('requires a Terraform with write-only arguments', () => {
    expect(template.terraform.required_version).toBe('>= 1.11.0');
  });

  it('has outputs for people and programs', () => {
    const rotation = configuration.environments[name].edge === false ? [] : ['edge_rotation'];
    expect(Object.keys(template.outputs).sort()).toEqual([
      'api_endpoint',
      'api_log_group',
      'canary_share',
      ...rotation,
      'function_alias',
      'function_log_group',
      'function_name',
      'function_version',
      'image_digest',
      'live_version',
      'released_by',
      'secrets_path',
      'url',
      'workspace',
    ]);
  });
});

describe('the image of an environment', () => {
  const repository = '992382417038.dkr.ecr.eu-west-2.amazonaws.com/kairos';

  it("is the one in the stack's own state", () => {
    const template = backendTemplate('prod');
    const state = template.data('terraform_remote_state');
    const { backend } = template.terraform as { backend: { s3: { bucket: string; key: string } } };
    expect(state.config).toMatchObject({ bucket: backend.s3.bucket, key: backend.s3.key });
    expect(template.resource('aws_lambda_function', 'Backend').image_uri).toMatch(
      /^992382417038\.dkr\.ecr\.eu-west-2\.amazonaws\.com\/kairos@\$\{try\(data\.terraform_remote_state\.\w+\.0\.outputs\.image_digest, "none"\)\}$/,
    );
  });

  it('stops the plan if nothing was released yet, with what to type', () => {
    expect(backendTemplate('prod').resource('aws_lambda_function', 'Backend').lifecycle).toEqual({
      precondition: [
        {
          condition: expect.stringContaining(' != "none"') as string,
          error_message: expect.stringContaining('npx kairos release prod') as string,
        },
      ],
    });
  });

  it('is deployed by digest if one is released', () => {
    expect(backendTemplate('prod', digest).resource('aws_lambda_function', 'Backend').image_uri).toBe(
      `${repository}@${digest}`,
    );
  });

  it('is looked up if it is released, so that a missing one stops the plan', () => {
    expect(backendTemplate('prod', digest).data('aws_ecr_image')).toMatchObject({
      repository_name: 'kairos',
      image_digest: digest,
    });
  });

  it('is not looked up otherwise, so that an environment can be destroyed after its image', () => {
    expect(backendTemplate('prod').json).not.toContain('aws_ecr_image');
  });

  it('is an output with the value that the function has', () => {
    expect(backendTemplate('prod').outputs.image_digest?.value).toBe(
      '${element(split("@", aws_lambda_function.Backend.image_uri), 1)}',
    );
  });
});

describe('the name of who released the live version', () => {
  const descriptionOf = (release: ReleaseInputs) =>
    backendTemplate('prod', release).resource('aws_lambda_function', 'Backend').description;

  it('is in the description of the version', () => {
    expect(descriptionOf({ digest, releasedBy: 'user/ann' })).toBe('released by user/ann');
  });

  it('is kept by a deploy without a release', () => {
    expect(descriptionOf({})).toMatch(/^released by \$\{try\(.*outputs\.released_by, "none"\)\}$/);
  });

  it('is unknown for a digest that was deployed with Terraform alone', () => {
    expect(descriptionOf({ digest })).toBe('released by unknown');
  });
});

describe('a canary', () => {
  const aliasOf = (release: ReleaseInputs) => backendTemplate('dev', release).resource('aws_lambda_alias');
  const newest = '${aws_lambda_function.Backend.version}';

  it('gives its share to the new version and the rest to the live one', () => {
    expect(aliasOf({ digest, canary: 0.1 })).toMatchObject({
      function_version: expect.stringMatching(/"0\.1" != "none".*outputs\.live_version/) as string,
      dynamic: {
        routing_config: {
          content: {
            additional_version_weights: expect.stringMatching(
              /zipmap\(\[.*version\], \["0\.1"\]\)/,
            ) as string,
          },
        },
      },
    });
  });

  it('stays as in the state if a deploy does not mention it', () => {
    expect(JSON.stringify(aliasOf({}))).toMatch(/outputs\.canary_share.* != /);
  });

  it('ends with a share of 0', () => {
    const alias = aliasOf({ digest, canary: 0 });
    expect(alias.function_version).toBe(newest);
    expect(alias.dynamic).toBeUndefined();
    expect(backendTemplate('dev', { digest, canary: 0 }).outputs.canary_share?.value).toBe('none');
  });

  it('stops the plan of an environment with provisioned concurrency', () => {
    const kept = { ...configuration.environments.prod.function, provisionedConcurrency: 2 };
    const alias = backendTemplate('prod', { digest, canary: 0.1 }, { function: kept }).resource(
      'aws_lambda_alias',
    );
    expect(alias.function_version).toBe(newest);
    expect(alias.lifecycle).toMatchObject({
      precondition: [
        { error_message: expect.stringContaining('npx kairos release prod --continue') as string },
      ],
    });
  });
});

describe('the edge', () => {
  const authorizations = (name: 'dev' | 'prod') =>
    Object.values(backendTemplate(name).resources('aws_apigatewayv2_route')).map(
      ({ authorization_type: type, authorizer_id: id }) => [type, id],
    );
  const backendVariables = (name: 'dev' | 'prod') =>
    JSON.stringify(backendTemplate(name).resource('aws_lambda_function', 'Backend').environment);

  it('is in front of staging and prod, and every route uses its authorizer', () => {
    const id = expect.stringMatching(/^\$\{aws_apigatewayv2_authorizer\.Edge_OriginLock_/) as string;
    expect(authorizations('prod')).toEqual([
      ['CUSTOM', id],
      ['CUSTOM', id],
    ]);
    expect(Object.keys(backendTemplate('staging').resources('aws_cloudfront_distribution'))).toHaveLength(1);
  });

  it('does not exist in dev, whose routes are open', () => {
    expect(authorizations('dev')).toEqual([
      ['NONE', undefined],
      ['NONE', undefined],
    ]);
    expect(backendTemplate('dev').resources('aws_cloudfront_distribution')).toEqual({});
  });

  it('keeps the routes open if the table says so, creates the authorizer anyway, and has an output for that', () => {
    const { edge } = configuration.environments.prod;
    if (edge === false) throw new Error('production has an edge');
    const template = backendTemplate('prod', digest, { edge: { ...edge, origin: 'open' } });
    const routes = Object.values(template.resources('aws_apigatewayv2_route'));
    expect(routes.map(({ authorization_type: type }) => type)).toEqual(['NONE', 'NONE']);
    expect(Object.keys(template.resources('aws_apigatewayv2_authorizer'))).toHaveLength(1);
    expect(template.outputs.edge_origin?.value).toBe('open');
    expect(backendTemplate('prod').outputs.edge_origin).toBeUndefined();
  });

  it('is the public address, and the API is it without an edge', () => {
    expect(backendTemplate('prod').outputs.url?.value).toMatch(
      /aws_cloudfront_distribution\..*\.domain_name/,
    );
    expect(backendTemplate('dev').outputs.url?.value).toMatch(/aws_apigatewayv2_api\.Api\.api_endpoint/);
  });

  it('passes to the image which header to remove before the application sees it', () => {
    expect(backendVariables('prod')).toContain('"KAIROS_ORIGIN_HEADER":"x-origin-verify"');
    expect(backendVariables('dev')).not.toContain('KAIROS_ORIGIN_HEADER');
  });

  it.each(['prod', 'dev'] as const)(
    'is in us-east-1 of the same account, and can be removed there: %s',
    (name) => {
      expect(backendTemplate(name).providers('aws')[1]).toMatchObject({
        region: 'us-east-1',
        alias: 'us-east-1',
        allowed_account_ids: ['992382417038'],
      });
    },
  );

  it('can be added and removed without replacing the API', () => {
    const idsOf = (edge: boolean) =>
      Template.of(
        new BackendStack(testApp(), {
          ...shared,
          name: 'prod',
          environment: {
            ...configuration.environments.prod,
            edge: edge && configuration.environments.prod.edge,
          },
          imageConfiguration: configuration.image,
          release: { digest },
        }),
      ).addresses;
    const [off, on] = [idsOf(false), idsOf(true)];
    expect(off).toContain('aws_apigatewayv2_api.Api');
    expect(on).toEqual(expect.arrayContaining([...off]));
    expect(
      on
        .filter((address) => !off.includes(address))
        .every((address) => /\.(Observability_)?Edge/.test(address)),
    ).toBe(true);
  });
});

/** @returns the variables of production's function, with a changed row of the table. */
function variablesOf(changes: Partial<Environment>): unknown {
  const stack = new BackendStack(testApp(), {
    ...shared,
    name: 'prod',
    environment: { ...configuration.environments.prod, ...changes },
    imageConfiguration: configuration.image,
    release: { digest },
  });
  return Template.of(stack).resource('aws_lambda_function', 'Backend').environment;
}

describe('the lifespan of the application', () => {
  const { function: backend } = configuration.environments.prod;

  it('is kept, with default limits', () => {
    expect(variablesOf({})).toMatchObject({
      variables: {
        KAIROS_LIFESPAN: 'environment',
        KAIROS_LIFESPAN_START_LIMIT: '5',
        KAIROS_LIFESPAN_PAUSE_LIMIT: '240',
      },
    });
  });

  it("is Mangum's own if the table says so, with the limits of the table", () => {
    const limits = { lifespan: 'invocation', lifespanStartLimit: 3, lifespanPauseLimit: 60 } as const;
    expect(variablesOf({ function: { ...backend, ...limits } })).toMatchObject({
      variables: {
        KAIROS_LIFESPAN: 'invocation',
        KAIROS_LIFESPAN_START_LIMIT: '3',
        KAIROS_LIFESPAN_PAUSE_LIMIT: '60',
      },
    });
  });
});

describe('a version of the function', () => {
  it('is published again if the revision of the secrets is raised', () => {
    expect(variablesOf({ secretsRevision: 2 })).not.toEqual(variablesOf({ secretsRevision: 1 }));
  });

  it('is published again if a setting changes', () => {
    const mail = { ...configuration.environments.prod.mail, port: 2525 };
    expect(variablesOf({ mail })).not.toEqual(variablesOf({}));
  });

  it('stays if only the retention of logs changes', () => {
    expect(variablesOf({ logRetention: 30 })).toEqual(variablesOf({ logRetention: 60 }));
  });
});

describe('the foundation', () => {
  it('keeps its state in the shared bucket', () => {
    expect(foundation.terraform.backend).toMatchObject({
      s3: { bucket: 'kairos-tfstate-992382417038-shared', key: 'kairos-foundation.tfstate' },
    });
  });

  it('imports every state bucket that bootstrap created', () => {
    expect(foundation.imports).toEqual(
      stateOwners.map((owner) => ({
        to: `aws_s3_bucket.State-${owner}`,
        id: `kairos-tfstate-992382417038-${owner}`,
      })),
    );
  });

  it('has a parameter for every secret of every environment', () => {
    const names = Object.values(foundation.resources('aws_ssm_parameter')).map(({ name }) => name);
    const wanted = environmentNames.flatMap((name) =>
      secretNames.map((secret) => `${namesOf(name).secretsPath}${secret}`),
    );
    expect(new Set(names)).toEqual(new Set([...wanted, '/kairos/prod/secrets/API_KEY_PARTNER']));
  });

  it('lets the functions of its own account pull the image, by the prefix of their names', () => {
    const prefix = 'arn:aws:lambda:eu-west-2:992382417038:function:kairos-';
    const pull = foundation.policyStatements().find(({ sid }) => sid === 'FunctionsOfThisAccountPull');
    expect(pull?.condition).toEqual([expect.objectContaining({ values: [`${prefix}*`] })]);
    for (const name of environmentNames) expect(namesOf(name).function).toMatch(/^kairos-/);
  });

  it('has a key for each environment', () => {
    const aliases = Object.values(foundation.resources('aws_kms_alias')).map(({ name }) => name);
    expect(new Set(aliases)).toEqual(new Set(environmentNames.map((name) => namesOf(name).keyAlias)));
  });

  it('keeps its ids, which are the addresses of live resources', () => {
    expect(foundation.addresses.filter((address) => address.startsWith('aws_ecr'))).toEqual([
      'aws_ecr_lifecycle_policy.Images_Lifecycle_2010D2A1',
      'aws_ecr_repository.Images',
      'aws_ecr_repository_policy.Images_Policy_B348B051',
    ]);
  });
});
