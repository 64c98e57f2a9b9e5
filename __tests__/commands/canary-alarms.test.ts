import { CloudWatchClient, PutCompositeAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetAliasCommand, LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { join, resolve } from 'node:path';
import { configuration } from '../../config/environments';
import { type EnvironmentName, environmentNames, namesOf } from '../../config/names';
import { environmentOf } from '../../cli/live/environment';
import { watch } from '../../cli/release/watch';
import { releaseSchema } from '../../cli/schemas/release';
import { putAlarm } from '../support/ringing';
import { BareCloud } from '../support/bare-cloud';
import { publishTwoVersions, putTwoImages } from '../support/two-versions';

const root = resolve(__dirname, '..', '..');

let cloud: BareCloud;
beforeAll(async () => {
  cloud = await BareCloud.up();
  await Promise.all(environmentNames.map(openLogs));
});
afterAll(async () => {
  await cloud.down();
});

/** One check of a canary that began a minute ago and whose versions have had no requests. */
async function look(name: EnvironmentName): Promise<string | undefined> {
  const clientOptions = { ...cloud.clientOptions, maxAttempts: 1 };
  const environment = await environmentOf(
    { configuration, clientOptions, caller: 'test' },
    name,
    cloud.shell,
  );
  const since = new Date(Date.now() - 60_000);
  return watch(environment, { canary: '2', stable: '1', since, seconds: 0 });
}

async function openLogs(name: EnvironmentName): Promise<void> {
  const { apiLogGroup: logGroupName } = namesOf(name);
  await new CloudWatchLogsClient(cloud.clientOptions).send(new CreateLogGroupCommand({ logGroupName }));
}

function put(AlarmName: string, region: string): Promise<CloudWatchClient> {
  return putAlarm(AlarmName, { ...cloud.clientOptions, region });
}

async function raise(AlarmName: string, region: string): Promise<void> {
  const cloudwatch = await put(AlarmName, region);
  await cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'the test says so' }),
  );
}

describe('the watcher of a canary', () => {
  it('keeps a canary if no alarm of its environment is on, whatever alarms are on elsewhere', async () => {
    await put('kairos-dev-errors', 'eu-west-2');
    await raise('another-errors', 'eu-west-2');
    expect(await look('dev')).toBeUndefined();
  });

  it('ends a canary if an alarm went off after it began', async () => {
    await raise('kairos-dev-errors', 'eu-west-2');
    expect(await look('dev')).toBe('version 2: the alarm kairos-dev-errors went off');
  });

  it('ends a canary if an alarm of the edge is on, which is in us-east-1', async () => {
    await raise('kairos-staging-edge-errors', 'us-east-1');
    expect(await look('staging')).toBe('version 2: the alarm kairos-staging-edge-errors went off');
  });

  it('ends a canary if a composite alarm is on', async () => {
    await put('child', 'eu-west-2');
    await new CloudWatchClient(cloud.clientOptions).send(
      new PutCompositeAlarmCommand({ AlarmName: 'kairos-prod-any', AlarmRule: 'ALARM("child")' }),
    );
    expect(await look('prod')).toBeUndefined();
    await raise('child', 'eu-west-2');
    expect(await look('prod')).toBe('version 2: the alarm kairos-prod-any went off');
  });
});

describe('kairos release --continue', () => {
  it('rolls a canary back because of an alarm: the alias at once, with the reason and what to type', async () => {
    const shell = { KAIROS_BACKEND_PATH: join(root, 'examples', 'backend') };
    expect(await cloud.kairos(['bootstrap'])).toMatchObject({ code: 0 });
    await publishTwoVersions(cloud, await putTwoImages(cloud), 'prod');
    const lambda = new LambdaClient(cloud.clientOptions);
    const alias = { FunctionName: namesOf('prod').function, Name: namesOf('prod').alias };
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.1 } };
    await lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: '1', RoutingConfig }));
    await raise('kairos-prod-errors', 'eu-west-2');

    // The state is not tested here: no Terraform runs. release.test.ts of the end-to-end tier tests it.
    const terraform = join(root, '__tests__', 'support', 'ending', 'terraform.js');
    const { code, stdout } = await cloud.kairos(['release', 'prod', '--continue', '--json'], {
      ...shell,
      TERRAFORM_BINARY_NAME: terraform,
    });
    expect(code).toBe(1);
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'rolled back',
      version: '1',
      reason: expect.stringMatching(
        /^version 2: the alarm kairos-prod-errors went off; version 1 \(sha256:\w+\) is live again, .*; next: npx kairos rollback prod --to 1$/,
      ) as unknown,
    });
    const { FunctionVersion, RoutingConfig: left } = await lambda.send(new GetAliasCommand(alias));
    expect([FunctionVersion, left?.AdditionalVersionWeights ?? {}]).toEqual(['1', {}]);
  });
});
