import { CloudWatchClient, PutDashboardCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutQueryDefinitionCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { namesOf } from '../../config/names';
import { BareCloud } from '../support/bare-cloud';
import { here } from '../support/documented-lines';
import { publishTwoVersions, putTwoImages } from '../support/two-versions';

const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-documented-'));
let cloud: BareCloud;
let live = '';
beforeAll(async () => {
  cloud = await BareCloud.up({
    KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
    CDKTF_OUTDIR: join(room, 'cdktf.out'),
  });
  expect(await cloud.kairos(['bootstrap'])).toMatchObject({ code: 0 });
  const images = await putTwoImages(cloud);
  live = images.newer;
  await Promise.all((['staging', 'prod'] as const).map((name) => publishTwoVersions(cloud, images, name)));
  const { stack } = namesOf('prod');
  const widget = {
    type: 'alarm',
    x: 0,
    y: 0,
    width: 6,
    height: 1,
    properties: { title: 'Alarms', alarms: [] },
  };
  await new CloudWatchClient(cloud.clientOptions).send(
    new PutDashboardCommand({ DashboardName: stack, DashboardBody: JSON.stringify({ widgets: [widget] }) }),
  );
  const logs = new CloudWatchLogsClient(cloud.clientOptions);
  const { functionLogGroup, apiLogGroup } = namesOf('prod');
  await logs.send(new CreateLogGroupCommand({ logGroupName: functionLogGroup }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: apiLogGroup }));
  await logs.send(
    new PutQueryDefinitionCommand({
      name: `${stack}/errors`,
      logGroupNames: [functionLogGroup],
      queryString: 'fields @message',
    }),
  );
});
afterAll(async () => {
  await cloud.down();
  rmSync(room, { recursive: true, force: true });
});

describe('docs/commands.md', () => {
  it.each(Object.entries(here))('%s', async (line, [code, words]) => {
    const args = line
      .replace(/^npx kairos /, '')
      .replace('sha256:…', live)
      .replace('<id>', 'JKJaXmPLvHcESHA=')
      .replace('prod.svg', join(room, 'prod.svg'));
    const result = await cloud.kairos(args.split(' '));
    expect({ code: result.code, output: result.output }).toEqual({
      code,
      output: expect.stringMatching(words) as unknown,
    });
    expect(result.output).not.toContain('\u001b');
    if (args.includes('.svg')) expect(existsSync(join(room, 'prod.svg'))).toBe(true);
  });
});
