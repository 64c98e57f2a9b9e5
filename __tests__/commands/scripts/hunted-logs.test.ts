import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { HuntedCloud, own, ownRegion, piece, shared } from '../../support/hunted-cloud';

let cloud: HuntedCloud;
beforeAll(async () => {
  cloud = await HuntedCloud.up();
});
beforeEach(async () => {
  await cloud.bare.reset();
});
afterAll(async () => {
  await cloud.bare.down();
});

/** Writes events into a stream of a log group, and creates both. */
async function log(
  account: string,
  region: string,
  messages: readonly string[],
  logGroupName = 'group',
  logStreamName = 'stream',
): Promise<void> {
  const client = new CloudWatchLogsClient(cloud.options(account, region));
  const unlessExists = (error: unknown) => {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  };
  await client.send(new CreateLogGroupCommand({ logGroupName })).catch(unlessExists);
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch(unlessExists);
  const timestamp = Date.now();
  for (let at = 0; at < messages.length; at += 10_000) {
    const logEvents = messages.slice(at, at + 10_000).map((message) => ({ message, timestamp }));
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
}

describe('the search in the logs', () => {
  describe.each([
    [shared, 'eu-west-2'],
    [shared, 'us-east-1'],
    [own, ownRegion],
    [own, 'us-east-1'],
  ])('of account %s in %s', (account, region) => {
    it('searches every event of a stream', async () => {
      const messages = Array.from({ length: 12_000 }, (_, at) => `event ${at}`);
      await log(account, region, [...messages, piece, ...messages]);
      expect(await cloud.search()).toEqual({
        artefacts: 1,
        found: [expect.stringContaining(`of group in ${account}, ${region}`) as unknown],
        unopened: [],
      });
    });

    it('searches what was written after the last search', async () => {
      const hunt = cloud.hunt();
      await log(account, region, ['event 1']);
      expect(await hunt.search(cloud.record)).toEqual({ artefacts: 1, found: [], unopened: [] });
      expect(await hunt.search(cloud.record)).toEqual({ artefacts: 0, found: [], unopened: [] });
      await log(account, region, [piece]);
      expect((await hunt.search(cloud.record)).found).toHaveLength(1);
    });
  });

  it('searches every stream of every log group', async () => {
    const [groups, streams] = [60, 60];
    for (let at = 0; at < groups; at += 1) await log(own, 'us-east-1', ['event'], `group-${at}`);
    for (let at = 0; at < streams; at += 1) await log(own, 'us-east-1', ['event'], 'group-7', `stream ${at}`);
    await log(own, 'us-east-1', [piece], 'group-7', 'the last stream');
    const { artefacts, found } = await cloud.search();
    expect(artefacts).toBe(groups + streams + 1);
    expect(found).toEqual([expect.stringContaining('the last stream of group-7') as unknown]);
  });
});
