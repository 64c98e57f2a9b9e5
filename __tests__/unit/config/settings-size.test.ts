import { z } from 'zod';
import { configuration } from '../../../config/environments';
import { settingsOf } from '../../../config/settings';
import { ownVariables } from '../../../config/settings-size';
import { BackendStack } from '../../../stacks/backend-stack';
import { Template, testApp } from '../../support/template';

const variablesSchema = z.object({ variables: z.record(z.string(), z.string()) });

it('the variables that the stack adds fit into the space that the settings leave', () => {
  const { staging } = configuration.environments;
  const longest = { lifespan: 'environment', lifespanStartLimit: 28, lifespanPauseLimit: 86_400 } as const;
  const environment = {
    ...staging,
    function: { ...staging.function, ...longest },
    secretsRevision: 1_000_000,
  };
  const { accountId, region, repository, image } = configuration;
  const stack = new BackendStack(testApp(), {
    accountId,
    region,
    repository,
    name: 'staging',
    environment,
    imageConfiguration: image,
    release: { digest: `sha256:${'a'.repeat(64)}` },
  });
  const backend = Template.of(stack).resource('aws_lambda_function', 'Backend');
  const { variables } = variablesSchema.parse(backend.environment);
  const told = { ...settingsOf(environment), handler: environment.function.handler };
  const own = Buffer.byteLength(JSON.stringify(variables)) - Buffer.byteLength(JSON.stringify(told));
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThanOrEqual(ownVariables);
});
