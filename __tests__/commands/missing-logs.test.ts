import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutQueryDefinitionCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { logGroupOf, type LogSource, logSources } from '../../cli/logs/sources';
import { namesOf } from '../../config/names';
import { BareCloud } from '../support/bare-cloud';

/** An environment with an edge. */
const name = 'staging';
const { stack } = namesOf(name);
const next = `next: npx kairos local up ${name}`;

let cloud: BareCloud;
beforeAll(async () => {
  cloud = await BareCloud.up();
});
beforeEach(async () => {
  await cloud.reset();
});
afterAll(async () => {
  await cloud.down();
});

const groupOf = (source: LogSource) => logGroupOf(source, namesOf(name), cloud.clientOptions.region);

async function create(...sources: readonly LogSource[]): Promise<void> {
  for (const source of sources) {
    const { name: logGroupName, region } = groupOf(source);
    const client = new CloudWatchLogsClient({ ...cloud.clientOptions, region });
    await client.send(new CreateLogGroupCommand({ logGroupName }));
  }
}

/** @returns the exit code of a command, and its output. */
async function ended(...args: readonly string[]): Promise<readonly [number, string]> {
  const { code, output } = await cloud.kairos(args);
  return [code, output];
}

describe('if a log group is missing', () => {
  it.each(logSources)('kairos logs --source %s names it, and says what to type', async (source) => {
    const { name: group, region } = groupOf(source);
    expect(await ended('logs', name, '--source', source)).toEqual([
      1,
      `error: ${stack} has no log group ${group} in ${region}; ${next}`,
    ]);
  });

  it.each(['function', 'api'] as const)('kairos logs fails without that of the %s', async (source) => {
    await create(...logSources.filter((each) => each !== source));
    const { name: group, region } = groupOf(source);
    expect(await ended('logs', name)).toEqual([
      1,
      `error: ${stack} has no log group ${group} in ${region}; ${next}`,
    ]);
  });

  it('kairos logs works without those of the edge', async () => {
    await create('function', 'api');
    expect(await ended('logs', name)).toEqual([0, expect.stringMatching(/^no such line since /)]);
  });

  it('kairos logs --request fails without that of the API', async () => {
    await create('function');
    expect(await ended('logs', name, '--request', 'JKJaXmPLvHcESHA=')).toEqual([
      1,
      `error: ${stack} has no log group ${groupOf('api').name} in eu-west-2; ${next}`,
    ]);
  });

  it('kairos tune names it, and says what to type', async () => {
    expect(await ended('tune', name)).toEqual([
      1,
      `error: ${stack} has no log group ${groupOf('function').name} in eu-west-2; ${next}`,
    ]);
  });

  it('kairos tune, with the log group but no lines, says how to look further back', async () => {
    await create('function');
    expect(await ended('tune', name)).toEqual([0, expect.stringContaining('look further back')]);
  });
});

describe('kairos logs --query', () => {
  it('says what to type if there is no saved query', async () => {
    expect(await ended('logs', name, '--query', 'errors')).toEqual([
      1,
      `error: ${stack} has no saved query "errors"; it has none; ${next}`,
    ]);
  });

  it('names the missing log group that the query reads', async () => {
    const group = groupOf('function').name;
    await new CloudWatchLogsClient(cloud.clientOptions).send(
      new PutQueryDefinitionCommand({
        name: `${stack}/errors`,
        queryString: 'fields @message',
        logGroupNames: [group],
      }),
    );
    expect(await ended('logs', name, '--query', 'errors')).toEqual([
      1,
      `error: ${stack} has no log group ${group}, which the query "errors" reads; ${next}`,
    ]);
  });
});
