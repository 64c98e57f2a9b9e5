import { App } from 'cdktf';
import { environmentNames } from './config/names';
import { ConfigurationError, readConfiguration } from './config/read';
import { selectImage } from './images/select-image';
import { BackendStack } from './stacks/backend-stack';
import { FoundationStack } from './stacks/foundation-stack';

function synthesize(): void {
  const configuration = readConfiguration(process.env);
  const app = new App();
  const image = selectImage(configuration.image, {
    environment: process.env,
    context: app.node.tryGetContext('backendPath'),
    root: __dirname,
  });
  const shared = {
    accountId: configuration.accountId,
    region: configuration.region,
    repository: configuration.repository,
  };
  new FoundationStack(app, { ...shared, imageRepository: configuration.image.repository });
  for (const name of environmentNames) {
    new BackendStack(app, {
      ...shared,
      name,
      environment: configuration.environments[name],
      imageConfiguration: configuration.image,
      image,
    });
  }
  app.synth();
}

try {
  synthesize();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // A stack trace would push the list of faults off the screen.
  console.error(error.message);
  process.exitCode = 1;
}
