import {
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { openEnvironment } from '../../cli/live/environment';
import { endUncalledStarts } from '../../cli/live/kept-started';
import { namesOf } from '../../config/names';
import { BareCloud } from '../support/bare-cloud';
import { publishTwoVersions, putTwoImages } from '../support/two-versions';

const { function: FunctionName, alias: Name } = namesOf('prod');

let cloud: BareCloud;
let lambda: LambdaClient;

beforeAll(async () => {
  cloud = await BareCloud.up();
  // The SDK's default chain reads the variables of this process.
  for (const [variable, value] of Object.entries(cloud.shell)) {
    if (value === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = value;
  }
  lambda = new LambdaClient(cloud.clientOptions);
  expect(await cloud.kairos(['bootstrap'])).toMatchObject({ code: 0 });
  await publishTwoVersions(cloud, await putTwoImages(cloud), 'prod');
});
afterAll(async () => {
  await cloud.down();
});

/** Environments of version 2 are kept started, then a deploy begins. @returns whether they are still kept. */
async function areKept({
  live,
  provisionedConcurrency = 1,
}: {
  live: string;
  provisionedConcurrency?: number | null;
}) {
  await lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: live }));
  const ofNewest = { FunctionName, Qualifier: '2' };
  const kept = { ...ofNewest, ProvisionedConcurrentExecutions: 1 };
  await lambda.send(new PutProvisionedConcurrencyConfigCommand(kept));
  const environment = await openEnvironment('prod', cloud.shell);
  const { environments } = environment.configuration;
  const changed = {
    ...environments.prod.function,
    provisionedConcurrency: provisionedConcurrency ?? undefined,
  };
  await endUncalledStarts({
    ...environment,
    configuration: {
      ...environment.configuration,
      environments: { ...environments, prod: { ...environments.prod, function: changed } },
    },
  });
  return lambda.send(new GetProvisionedConcurrencyConfigCommand(ofNewest)).then(
    () => true,
    (error: unknown) => {
      expect(error).toMatchObject({ name: 'ProvisionedConcurrencyConfigNotFoundException' });
      return false;
    },
  );
}

describe('environments that a failed version keeps started', () => {
  it('are removed before the next deploy', async () => {
    expect(await areKept({ live: '1' })).toBe(false);
  });

  it('stay if the version is live', async () => {
    expect(await areKept({ live: '2' })).toBe(true);
  });

  it('are left to Terraform if the table keeps none started any more', async () => {
    expect(await areKept({ live: '1', provisionedConcurrency: null })).toBe(true);
  });
});
