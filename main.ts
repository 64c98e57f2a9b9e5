import { Annotations, App } from 'cdktf';
import { join } from 'node:path';
import { ecrEndpoint, localRegistry } from './aws/ecr';
import { placeOf, separateEnvironments, sharingEnvironments } from './config/account';
import { environmentNames, foundationStackName, imageStackName, namesOf } from './config/names';
import { refuseForeignTerminal } from './config/installation';
import { readConfiguration } from './config/read';
import { refuseSecondWorlds } from './config/second-worlds';
import { readRelease } from './config/release';
import { apiKeyNamesIn } from './config/api-keys';
import { placeholderIn } from './config/github';
import { domainsIn } from './config/domains';
import type { Configuration } from './config/types';
import { reportUserErrors } from './errors';
import { type Imports, importsFolder, readImports, withoutImports } from './config/imports';
import { findContext } from './images/select-image';
import { sourceRevision } from './images/source-revision';
import { policies } from './policies';
import { enforce } from './policies/policy';
import { BackendStack } from './stacks/backend-stack';
import { FoundationStack } from './stacks/foundation-stack';
import { ImageStack } from './stacks/image-stack';
import { withoutTokenOrigins } from './stacks/token-origins';

/**
 * Environments → stacks, checked by the policies.
 * @param table the environments. @default - config/environments.ts
 * @param given what stacks import. @default - the files in the folder `imports`
 */
export function application(table?: Configuration, given?: Imports): App {
  refuseSecondWorlds(process.env);
  const configuration = readConfiguration(process.env, table);
  const app = new App();
  const imports = given ?? importsFor(app);
  const source = findContext(configuration.image, {
    environment: process.env,
    context: app.node.tryGetContext('backendPath'),
    root: __dirname,
  });
  const shared = {
    accountId: configuration.accountId,
    region: configuration.region,
    repository: configuration.repository,
  };
  const imageRepository = configuration.image.repository;
  const delivered = {
    imageRepository,
    apiKeyNames: apiKeyNamesIn(configuration),
    domains: domainsIn(configuration),
    github: configuration.github === false ? undefined : configuration.github,
  };
  const separate = separateEnvironments(configuration).map((name) => ({
    name,
    ...placeOf(configuration, name),
  }));
  const foundation = new FoundationStack(app, {
    ...shared,
    imports: imports[foundationStackName],
    ...delivered,
    environments: sharingEnvironments(configuration),
    pullers: separate
      .filter(({ accountId, registryId }) => registryId !== accountId)
      .map(({ accountId, name }) => ({ accountId, functionName: namesOf(name).function })),
    replicas: separate.filter(({ accountId, registryId }) => registryId === accountId),
  });
  for (const { name, accountId, region, registryId } of separate) {
    new FoundationStack(app, {
      ...shared,
      ...delivered,
      accountId,
      region,
      separate:
        registryId === accountId ? { name, imagesFrom: configuration.accountId } : { name, registryId },
    });
  }
  const unknownRepository = placeholderIn(configuration.github);
  if (unknownRepository !== undefined) Annotations.of(foundation).addWarning(unknownRepository);
  if ('missing' in source) {
    Annotations.of(foundation).addInfo(`${imageStackName} is left out: ${source.missing}`);
  } else {
    new ImageStack(app, {
      ...shared,
      imageRepository,
      context: source,
      stagingFolder: join(__dirname, '.kairos', 'contexts'),
      revision: sourceRevision(source.source),
      registry: localRegistry(ecrEndpoint(process.env)),
    });
  }
  for (const name of environmentNames) {
    const { accountId, region, registryId, accountConcurrency } = placeOf(configuration, name);
    new BackendStack(app, {
      ...shared,
      accountId,
      region,
      registryId: registryId === accountId ? undefined : registryId,
      imports: imports[namesOf(name).stack],
      name,
      environment: configuration.environments[name],
      imageConfiguration: configuration.image,
      accountConcurrency,
      release: readRelease(process.env),
    });
  }
  enforce(app, policies);
  return app;
}

function importsFor(app: App): Imports {
  if (app.node.tryGetContext(withoutImports) === true) return {};
  return readImports(join(__dirname, importsFolder));
}

/** Environments → stacks → synth, with the same parameters as `application`. */
export function synthesize(...given: Parameters<typeof application>): void {
  withoutTokenOrigins(() => {
    application(...given).synth();
  });
}

if (require.main === module) {
  reportUserErrors(() => {
    refuseForeignTerminal(__dirname);
    synthesize();
  });
}
