import { configuration } from '../../../../config/environments';
import { BackendStack } from '../../../../stacks/backend-stack';
import { Template, testApp } from '../../../support/template';

const { accountId, region, repository, image, environments } = configuration;

it('creates each route after the permission of the API to invoke its version', () => {
  const template = Template.of(
    new BackendStack(testApp(), {
      accountId,
      region,
      repository,
      name: 'dev',
      environment: environments.dev,
      imageConfiguration: image,
    }),
  );
  const [permission = ''] = Object.keys(template.resources('aws_lambda_permission'));
  const routes = Object.values(template.resources('aws_apigatewayv2_route'));
  expect(routes.map(({ depends_on: after }) => after)).toEqual([
    [`aws_lambda_permission.${permission}`],
    [`aws_lambda_permission.${permission}`],
  ]);
});
