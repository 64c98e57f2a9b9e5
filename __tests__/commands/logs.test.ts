import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Shell } from '../../cli/process';
import { configuration } from '../../config/environments';
import { namesOf } from '../../config/names';
import { type LogSource, logGroupOf, logSources } from '../../cli/logs/sources';
import { logEntrySchema, queryRowsSchema } from '../../cli/schemas/observe';
import { assume, createRole } from '../support/aws';
import { BareCloud } from '../support/bare-cloud';
import { expectSuccess } from '../support/project';
import { inPipe, until } from '../support/started-command';

const root = resolve(__dirname, '..', '..');
const [apiId, functionId] = ['JKJaXmPLvHcESHA=', '8f5f3a2e-0d6c-4f0a-9d39-5d1d2f0a7c11'];

/** What each source has logged, and how many minutes ago. */
const written: Readonly<Record<LogSource, readonly (readonly [number, object | string])[]>> = {
  function: [
    [90, { level: 'ERROR', message: 'long ago' }],
    [3, { level: 'ERROR', message: 'no database', requestId: functionId }],
    [1, { level: 'INFO', message: 'all is well' }],
  ],
  api: [
    [
      2,
      {
        requestId: apiId,
        integrationRequestId: functionId,
        method: 'GET',
        path: '/api/v1/x',
        status: '500',
        responseLatency: '12',
      },
    ],
  ],
  edge: [
    [
      4,
      {
        'cs-method': 'GET',
        'cs-uri-stem': '/edge',
        'sc-status': '200',
        'time-taken': '0.02',
        'x-edge-result-type': 'Miss',
        'c-ip': '192.0.2.1',
      },
    ],
  ],
  waf: [
    [
      5,
      {
        action: 'BLOCK',
        httpRequest: { httpMethod: 'GET', uri: '/attack', clientIp: '192.0.2.2' },
        terminatingRuleId: 'rate',
      },
    ],
  ],
};

let cloud: BareCloud;

beforeAll(async () => {
  cloud = await BareCloud.up();
  for (const source of logSources) {
    const { client, logGroupName } = open(source);
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'one' }));
    for (const [minutes, message] of written[source]) await write(source, minutes, message);
  }
  const { client, logGroupName } = open('function');
  await client.send(
    new PutQueryDefinitionCommand({
      name: 'kairos-dev/newest',
      queryString: 'fields @message | sort @timestamp desc | limit 1',
      logGroupNames: [logGroupName],
    }),
  );
});

afterAll(async () => {
  await cloud.down();
});

function open(source: LogSource) {
  const { name, region } = logGroupOf(source, namesOf('dev'), cloud.clientOptions.region);
  return { logGroupName: name, client: new CloudWatchLogsClient({ ...cloud.clientOptions, region }) };
}

async function write(source: LogSource, minutesAgo: number, message: object | string): Promise<void> {
  const { client, logGroupName } = open(source);
  const timestamp = Date.now() - minutesAgo * 60_000;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  await client.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName: 'one',
      logEvents: [{ timestamp, message: text }],
    }),
  );
}

async function logs(...args: readonly string[]) {
  const { stdout } = expectSuccess(await cloud.kairos(['logs', 'dev', '--json', ...args]));
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => logEntrySchema.parse(JSON.parse(line)));
}

describe('kairos logs', () => {
  it('prints the lines of all sources, sorted by time', async () => {
    const entries = await logs();
    expect(entries.map(({ source, error }) => [source, error])).toEqual([
      ['waf', true],
      ['edge', false],
      ['function', true],
      ['api', true],
      ['function', false],
    ]);
  });

  it('--errors prints only failures', async () => {
    const entries = await logs('--errors');
    expect(entries.map(({ source }) => source)).toEqual(['waf', 'function', 'api']);
  });

  it('--since sets how far to look back', async () => {
    const entries = await logs('--since', '2h', '--source', 'function');
    expect(entries.map(({ message }) => message)).toEqual([
      expect.stringContaining('long ago'),
      expect.stringContaining('no database'),
      expect.stringContaining('all is well'),
    ]);
  });

  it.each(['edge', 'waf'] as const)('--source %s prints no line of another source', async (source) => {
    const entries = await logs('--source', source);
    expect(new Set(entries.map((entry) => entry.source))).toEqual(new Set([source]));
  });

  it.each([
    ['of the API', apiId],
    ['of the function', functionId],
  ])('--request accepts the id %s, and finds both lines', async (_, id) => {
    const entries = await logs('--request', id);
    expect(entries.map(({ source }) => source)).toEqual(['function', 'api']);
  });

  it('prints one readable line each, without colours in a pipe', async () => {
    const { stdout } = expectSuccess(await cloud.kairos(['logs', 'dev', '--source', 'api']));
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} api {6}GET \/api\/v1\/x 500 12 ms JKJaXmPLvHcESHA=$/);
  });

  it('--query runs a saved query', async () => {
    const { stdout } = expectSuccess(await cloud.kairos(['logs', 'dev', '--query', 'newest', '--json']));
    const [row, ...others] = queryRowsSchema.parse(JSON.parse(stdout));
    expect(row?.['@message']).toContain('all is well');
    expect(others).toEqual([]);
  });

  it('--query lists the saved queries if none has the name', async () => {
    const { code, output } = await cloud.kairos(['logs', 'dev', '--query', 'newets']);
    expect(code).toBe(1);
    expect(output).toContain('kairos-dev has no saved query "newets"; it has newest');
  });

  it('uses a different colour for each source, if colours are on', async () => {
    const { stdout } = expectSuccess(
      await cloud.kairos(['logs', 'dev'], { FORCE_COLOR: '1', NO_COLOR: undefined }),
    );
    const colours = logSources.map(
      (source) => new RegExp(`(\u001b\\[\\d+m)${source} *\u001b`).exec(stdout)?.[1],
    );
    expect(colours).not.toContain(undefined);
    expect(new Set(colours).size).toBe(logSources.length);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('--follow prints new lines, until %s ends it without an error', async (signal, code) => {
    const args = ['bin/kairos.js', 'logs', 'dev', '--follow', '--source', 'function'];
    const command = inPipe[1](process.execPath, args, { shell: cloud.shell, cwd: root });
    await until(() => command.text().includes('all is well'), command);
    await write('function', 0, { level: 'INFO', message: `just now, before ${signal}` });
    await until(() => command.text().includes(`just now, before ${signal}`), command);
    process.kill(command.pid, signal);
    expect(await command.exited).toBe(code);
    expect(command.text()).not.toMatch(/error|stopped|\n\s+at /);
    expect(command.text().match(/all is well/g)).toHaveLength(1);
  });
});

describe('a role with the policy of kairos logs', () => {
  const policySchema = z.looseObject({ Statement: z.array(z.looseObject({ Action: z.array(z.string()) })) });
  const RoleName = 'may-logs';
  const queried = ['logs:StartQuery', 'logs:DescribeQueryDefinitions', 'logs:GetQueryResults'];
  let policy: z.infer<typeof policySchema>;
  let shell: Shell;

  beforeAll(async () => {
    const printed = expectSuccess(await cloud.kairos(['logs', 'dev', '--policy']));
    policy = policySchema.parse(JSON.parse(printed.stdout));
    const [iam, sts] = [new IAMClient(cloud.clientOptions), new STSClient(cloud.clientOptions)];
    const role = await assume(
      sts,
      await createRole(iam, RoleName, configuration.accountId, policy.Statement),
    );
    shell = {
      AWS_ACCESS_KEY_ID: role.accessKeyId,
      AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
      AWS_SESSION_TOKEN: role.sessionToken,
    };
  });

  const query = () => cloud.kairos(['logs', 'dev', '--query', 'newest', '--json'], shell);

  it('can run a saved query', async () => {
    expect(expectSuccess(await query()).stdout).toContain('just now, before SIGTERM');
  });

  it.each(queried)('cannot run one without %s, and the error names it', async (action) => {
    const Statement = policy.Statement.map((statement) => ({
      ...statement,
      Action: statement.Action.filter((each) => each !== action),
    }));
    const PolicyDocument = JSON.stringify({ ...policy, Statement });
    await new IAMClient(cloud.clientOptions).send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'test', PolicyDocument }),
    );
    const { code, output } = await query();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(action) as unknown });
  });
});
