import { BackendFunction, type BackendFunctionProps } from '../../../../constructs/function/backend-function';
import { BackendRoutes } from '../../../../constructs/api/backend-routes';
import { ExecutionRole } from '../../../../constructs/function/execution-role';
import { HttpApi } from '../../../../constructs/api/http-api';
import { LogGroup } from '../../../../constructs/log-group';
import { Template } from '../../../support/template';

const imageUri = `992382417038.dkr.ecr.eu-west-2.amazonaws.com/kairos@sha256:${'a'.repeat(64)}`;

function templateWith(changes: Partial<BackendFunctionProps> = {}, authorizer?: { readonly id: string }) {
  return Template.from((scope) => {
    const logGroup = new LogGroup(scope, 'Log', { name: '/aws/lambda/kairos-prod', retentionDays: 90 });
    const executionRole = new ExecutionRole(scope, 'Role', {
      name: 'kairos-prod-function',
      accountId: '111122223333',
      boundaryArn: 'arn:aws:iam::992382417038:policy/bound',
      region: 'eu-west-2',
      logGroupName: '/aws/lambda/kairos-prod',
      parameterPath: '/kairos/prod/secrets/',
      keyArn: 'arn:aws:kms:eu-west-2:111122223333:key/k',
    });
    const { alias } = new BackendFunction(scope, 'Backend', {
      name: 'kairos-prod',
      alias: 'live',
      imageUri,
      architecture: 'x86_64',
      memory: 256,
      timeout: 15,
      environment: { KAIROS_PARAMETER_PATH: '/kairos/prod/' },
      logGroup,
      logLevel: 'WARN',
      executionRole,
      ...changes,
    });
    const { api } = new HttpApi(scope, 'Api', {
      name: 'kairos-prod',
      logGroupName: '/aws/vendedlogs/apigateway/kairos-prod',
      logRetentionDays: 90,
      throttlingRateLimit: 1000,
      throttlingBurstLimit: 2000,
    });
    new BackendRoutes(scope, 'Routes', { api, alias, timeout: 20, authorizer });
  });
}

describe('the function', () => {
  it('runs an image by digest and publishes each change', () => {
    expect(templateWith().resource('aws_lambda_function')).toMatchObject({
      function_name: 'kairos-prod',
      package_type: 'Image',
      image_uri: imageUri,
      architectures: ['x86_64'],
      memory_size: 256,
      timeout: 15,
      publish: true,
      environment: { variables: { KAIROS_PARAMETER_PATH: '/kairos/prod/' } },
    });
  });

  it('logs JSON into its own group and is traced', () => {
    expect(templateWith().resource('aws_lambda_function')).toMatchObject({
      logging_config: {
        log_format: 'JSON',
        log_group: '${aws_cloudwatch_log_group.Log.name}',
        application_log_level: 'WARN',
        system_log_level: 'INFO',
      },
      tracing_config: { mode: 'Active' },
    });
  });

  it('is created after its permissions', () => {
    const { depends_on } = templateWith().resource('aws_lambda_function');
    expect(depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\.Role_Policy_/)]);
  });

  it('reserves nothing and keeps nothing started by default', () => {
    const template = templateWith();
    expect(Object.keys(template.resource('aws_lambda_function'))).not.toContain(
      'reserved_concurrent_executions',
    );
    expect(template.resources('aws_lambda_provisioned_concurrency_config')).toEqual({});
  });

  it('reserves concurrency if configured', () => {
    const template = templateWith({ reservedConcurrency: 50 });
    expect(template.resource('aws_lambda_function').reserved_concurrent_executions).toBe(50);
  });

  it('starts the environments of a new version before the alias moves, and stops those of the old one after that', () => {
    const template = templateWith({ provisionedConcurrency: 2 });
    const [address] = Object.keys(template.resources('aws_lambda_provisioned_concurrency_config'));
    expect(template.resource('aws_lambda_provisioned_concurrency_config')).toMatchObject({
      qualifier: template.resource('aws_lambda_alias').function_version,
      provisioned_concurrent_executions: 2,
      lifecycle: { create_before_destroy: true },
    });
    expect(template.resource('aws_lambda_alias').depends_on).toEqual([
      `aws_lambda_provisioned_concurrency_config.${address ?? ''}`,
    ]);
  });

  it('is called through an alias of its newest version', () => {
    expect(templateWith().resource('aws_lambda_alias')).toMatchObject({
      name: 'live',
      function_name: '${aws_lambda_function.Backend.function_name}',
      function_version: '${aws_lambda_function.Backend.version}',
    });
  });
});

describe('the execution role', () => {
  it('may do exactly four things', () => {
    const statements = templateWith().policyStatements();
    expect(statements).toEqual([
      {
        sid: 'WriteOwnLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: ['arn:aws:logs:eu-west-2:111122223333:log-group:/aws/lambda/kairos-prod:*'],
      },
      {
        sid: 'Trace',
        actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        resources: ['*'],
      },
      {
        sid: 'ReadOwnSecrets',
        actions: ['ssm:GetParametersByPath'],
        resources: [
          'arn:aws:ssm:eu-west-2:111122223333:parameter/kairos/prod/secrets',
          'arn:aws:ssm:eu-west-2:111122223333:parameter/kairos/prod/secrets/*',
        ],
      },
      {
        sid: 'DecryptOwnSecretsThroughSsmOnly',
        actions: ['kms:Decrypt'],
        resources: ['arn:aws:kms:eu-west-2:111122223333:key/k'],
        condition: [
          { test: 'StringEquals', variable: 'kms:ViaService', values: ['ssm.eu-west-2.amazonaws.com'] },
          {
            test: 'ArnLike',
            variable: 'kms:EncryptionContext:PARAMETER_ARN',
            values: ['arn:aws:ssm:eu-west-2:111122223333:parameter/kairos/prod/secrets/*'],
          },
        ],
      },
      {
        actions: ['sts:AssumeRole'],
        principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }],
      },
    ]);
  });
});

describe('the routes', () => {
  const keys = (template: Template) =>
    Object.values(template.resources('aws_apigatewayv2_route')).map(({ route_key }) => route_key);

  it('cover the root and everything below', () => {
    expect(new Set(keys(templateWith()))).toEqual(new Set(['ANY /', 'ANY /{proxy+}']));
  });

  it('are open without an authorizer', () => {
    const routes = Object.values(templateWith().resources('aws_apigatewayv2_route'));
    expect(routes.map(({ authorization_type }) => authorization_type)).toEqual(['NONE', 'NONE']);
  });

  it('all use the authorizer if there is one', () => {
    const routes = Object.values(templateWith({}, { id: 'a1' }).resources('aws_apigatewayv2_route'));
    expect(routes).toHaveLength(2);
    for (const route of routes) {
      expect(route).toMatchObject({ authorization_type: 'CUSTOM', authorizer_id: 'a1' });
    }
  });

  it('invoke the alias with the event format that the backend reads, and wait longer than the function runs', () => {
    expect(templateWith().resource('aws_apigatewayv2_integration')).toMatchObject({
      integration_type: 'AWS_PROXY',
      integration_uri: '${aws_lambda_alias.Backend_Alias_F9D4E837.invoke_arn}',
      payload_format_version: '2.0',
      timeout_milliseconds: 20_000,
    });
  });

  it('may invoke the alias, for this API only', () => {
    expect(templateWith().resource('aws_lambda_permission')).toMatchObject({
      action: 'lambda:InvokeFunction',
      function_name: '${aws_lambda_alias.Backend_Alias_F9D4E837.function_name}',
      qualifier: '${aws_lambda_alias.Backend_Alias_F9D4E837.name}',
      principal: 'apigateway.amazonaws.com',
      source_arn: '${aws_apigatewayv2_api.Api.execution_arn}/*/*',
    });
  });
});
