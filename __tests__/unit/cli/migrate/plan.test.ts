import { changesOf } from '../../../../cli/migrate/changes';
import type { Migration } from '../../../../cli/migrate/live';
import { planOf, stepsOf } from '../../../../cli/migrate/plan';
import { withoutValues } from '../../../../cli/migrate/function';
import { configuration } from '../../../../config/environments';
import { namesOf } from '../../../../config/names';
import { settingsOf } from '../../../../config/settings';

const endpoint = 'https://7zpmbpgf7d.execute-api.eu-west-2.amazonaws.com';
const row = { ...configuration.environments.prod, edge: false as const };
const variables = { ...settingsOf(row), SECRET_KEY: 'a-key-that-nobody-may-see', MONGO_PASSWORD: 'p' };
const configured = { variables, imageUri: 'r.example/kairos@sha256:1', memory: 256, timeout: 15 };

const live = (name: string, type: string, id: string, retained = false) => ({ name, type, id, retained });

/** The guide's stack, and a row of the table that matches it. */
const migration: Migration = {
  environment: {
    name: 'prod',
    names: namesOf('prod'),
    configuration: { ...configuration, environments: { ...configuration.environments, prod: row } },
  },
  stack: {
    name: 'kairos-backend',
    status: 'UPDATE_COMPLETE',
    isProtected: false,
    resources: [
      live('ApiGateway', 'AWS::ApiGatewayV2::Api', '7zpmbpgf7d'),
      live('ApiStage', 'AWS::ApiGatewayV2::Stage', '$default', true),
      live('ApiRoute', 'AWS::ApiGatewayV2::Route', 'r1'),
      live('ApiIntegration', 'AWS::ApiGatewayV2::Integration', 'i1'),
      live('LambdaFunction', 'AWS::Lambda::Function', 'kairos-backend'),
    ],
  },
  function: withoutValues('kairos-backend', configured, row),
  api: {
    id: '7zpmbpgf7d',
    name: 'kairos-backend',
    endpoint,
    protocol: 'HTTP',
    isOpen: true,
    hasCors: false,
    description: '',
    routes: [{ id: 'r1', key: 'ANY /{proxy+}', target: 'integrations/i1', authorization: 'NONE' }],
    stages: [{ name: '$default', follows: false, own: [] }],
    mappings: [],
  },
  repository: { name: 'kairos', encryption: 'AES256', movesTags: true, runningIsTagged: true },
  declared: {
    'kairos-prod': [
      { type: 'aws_apigatewayv2_api', address: 'aws_apigatewayv2_api.Api', body: {} },
      { type: 'aws_apigatewayv2_stage', address: 'aws_apigatewayv2_stage.S', body: { name: '$default' } },
      {
        type: 'aws_apigatewayv2_route',
        address: 'aws_apigatewayv2_route.Root',
        body: { route_key: 'ANY /' },
      },
      {
        type: 'aws_apigatewayv2_route',
        address: 'aws_apigatewayv2_route.All',
        body: { route_key: 'ANY /{proxy+}' },
      },
    ],
    'kairos-foundation': [{ type: 'aws_ecr_repository', address: 'aws_ecr_repository.Images', body: {} }],
  },
};

const plan = (changes: Partial<Migration> = {}) => planOf({ ...migration, ...changes });
const against = (changes: Partial<Migration>) => plan(changes).contradictions.map(({ what }) => what);

describe('the plan of a migration', () => {
  it('keeps the resources by which clients reach the backend, and creates the rest', () => {
    expect(plan().adopted.map(({ to, id }) => [to, id])).toEqual([
      ['aws_apigatewayv2_api.Api', '7zpmbpgf7d'],
      ['aws_apigatewayv2_stage.S', '7zpmbpgf7d/$default'],
      ['aws_apigatewayv2_route.All', '7zpmbpgf7d/r1'],
      ['aws_ecr_repository.Images', 'kairos'],
    ]);
    expect(plan().made).toEqual(['aws_apigatewayv2_route.Root']);
    expect(plan().stays.map(({ name }) => name)).toEqual(['ApiIntegration', 'LambdaFunction']);
  });

  it('names the resources that would be deleted with the stack, and requires a policy for them before the API is taken over', () => {
    expect(plan().unretained).toEqual(['ApiGateway', 'ApiRoute']);
    const steps = stepsOf(plan());
    const at = (text: string) => steps.findIndex((step) => step.includes(text));
    expect(at('DeletionPolicy')).toBeLessThan(at('cdktf deploy kairos-prod'));
    expect(at('cdktf deploy kairos-prod')).toBeLessThan(at('delete-stack'));
    expect(at('delete-stack')).toBeLessThan(at('the edge'));
  });

  it('requires no policy if each resource has one', () => {
    const resources = migration.stack.resources.map((each) => ({ ...each, retained: true }));
    const steps = stepsOf(plan({ stack: { ...migration.stack, resources } }));
    expect(steps.join()).not.toContain('DeletionPolicy');
  });

  it('contains the names of the database and of the secrets, and no value', () => {
    expect(plan()).toMatchObject({ database: 'kairos_prod', secrets: ['SECRET_KEY', 'MONGO_PASSWORD'] });
    expect(JSON.stringify(plan())).not.toContain(variables.SECRET_KEY);
  });

  it('does not show a database name that may be an address with a password', () => {
    const given = { ...configured, variables: { MONGO_DB_NAME: 'mongodb://ann:pass@host/kairos' } };
    expect(withoutValues('kairos-backend', given, row).database).toBeUndefined();
  });

  it('has no objections to a row that matches', () => {
    expect(plan().contradictions).toEqual([]);
  });
});

describe('an objection to a migration is', () => {
  const { api, environment, stack } = migration;

  it.each<readonly [string, Partial<Migration>, RegExp]>([
    ['a stack in progress', { stack: { ...stack, status: 'UPDATE_IN_PROGRESS' } }, /is UPDATE_IN_PROGRESS/],
    [
      'another database',
      { function: { ...migration.function, database: 'kairos' } },
      /the database kairos, and environments\.prod\.database\.name is kairos_prod/,
    ],
    [
      'a function with the same name',
      { function: { ...migration.function, name: 'kairos-prod' } },
      /has the name kairos-prod/,
    ],
    [
      'a function that may not pull the image',
      { function: { ...migration.function, name: 'backend' } },
      /called backend/,
    ],
    [
      'another encryption',
      { repository: { name: 'kairos', encryption: 'KMS', movesTags: false } },
      /encrypted by KMS/,
    ],
    [
      'an API with a disabled endpoint',
      { api: { ...api, isOpen: false } },
      /the address \S+ of the API is disabled/,
    ],
    [
      "a stage in the API's URL",
      { api: { ...api, stages: [{ name: 'prod', follows: true, own: [] }] } },
      /no stage \$default/,
    ],
    [
      'a route with an authorizer',
      { api: { ...api, routes: api.routes.map((each) => ({ ...each, authorization: 'JWT' })) } },
      /ANY \/\{proxy\+\}/,
    ],
    [
      'a separate API',
      { ownEndpoint: 'https://other.example' },
      /contains another API, https:\/\/other\.example/,
    ],
  ])('%s', (_, changes, what) => {
    expect(against(changes)).toEqual([expect.stringMatching(what)]);
  });

  it('an edge, which would lock out every client of the old address', () => {
    const locked = { ...environment, configuration };
    expect(planOf({ ...migration, environment: locked }).contradictions).toEqual([
      { what: expect.stringContaining('401') as string, remedy: expect.stringContaining("'open'") as string },
    ]);
  });

  it('not an edge whose origin is open', () => {
    const { edge } = configuration.environments.prod;
    if (edge === false) throw new Error('production has an edge');
    const open = { ...edge, origin: 'open' as const };
    const environments = {
      ...configuration.environments,
      prod: { ...configuration.environments.prod, edge: open },
    };
    const beside = { ...environment, configuration: { ...configuration, environments } };
    expect(planOf({ ...migration, environment: beside }).contradictions).toEqual([]);
  });

  it('not the API if the state contains it already: it was taken over before', () => {
    expect(against({ ownEndpoint: endpoint })).toEqual([]);
  });
});

describe('the changes of a migration', () => {
  it('include settings that were never set', () => {
    const never = withoutValues('kairos-backend', { ...configured, variables: {} }, row);
    const changes = changesOf({ ...migration, function: never }).join('\n');
    expect(changes).toContain('browsers could call from everywhere');
    expect(changes).toContain('ran as "local"');
  });

  it('do not include settings with the same value', () => {
    const changes = changesOf(migration).join('\n');
    expect(changes).not.toContain('browsers');
    expect(changes).not.toContain('memory');
    expect(changes).toContain('"latest"');
  });

  it('include a route that the new API does not have', () => {
    const route = { id: 'r2', key: 'GET /old', target: 'integrations/i1', authorization: 'NONE' };
    const api = { ...migration.api, routes: [...migration.api.routes, route] };
    expect(changesOf({ ...migration, api }).join('\n')).toContain('GET /old');
  });
});
