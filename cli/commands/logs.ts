import { Command, Option } from 'commander';
import { type EnvironmentName, namesOf } from '../../config/names';
import { type Account, openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { parseDuration } from '../durations';
import { readable } from '../logs/entry';
import { makeAgain, missingLogGroup } from '../logs/missing';
import type { OpenSource } from '../logs/read';
import { logGroupOf, logSources, type LogSource, ofEdge } from '../logs/sources';
import { environmentArgument } from './arguments';
import { policyOption, printPolicy } from './policy-option';
import { blue, cyan, dim, green, magenta, print, printJson, printWhole, red, table, tell } from '../terminal';

interface Options {
  readonly follow?: true;
  readonly since: number;
  readonly errors?: true;
  readonly request?: string;
  readonly source?: LogSource;
  readonly query?: string;
  readonly policy?: true;
  readonly json?: true;
}

const colours: Readonly<Record<LogSource, (text: string) => string>> = {
  function: cyan,
  api: green,
  edge: blue,
  waf: magenta,
};

const width = Math.max(...logSources.map((source) => source.length));

export function logsCommand(): Command {
  return new Command('logs')
    .addArgument(environmentArgument('<environment>'))
    .option('--follow', 'follow the log until Ctrl-C')
    .option('--since <duration>', 'how far back: 90s, 10m, 1h, 2d', parseDuration, 600)
    .option('--errors', 'only errors')
    .option('--request <id>', 'only the lines of one request, by its id in the API or in the function')
    .addOption(new Option('--source <source>', 'only one of the logs').choices(logSources))
    .option('--query <name>', 'run a saved Insights query instead')
    .option(...policyOption)
    .option('--json', 'print one JSON object per line')
    .addHelpText(
      'after',
      `
Example: npx kairos logs prod --follow --errors
Exit codes: 0 success; 1 it could not be read; 130 Ctrl-C has ended --follow.`,
    )
    .action(async (name: EnvironmentName, options: Options) => {
      if (options.policy) {
        printPolicy('logs', name);
        return;
      }
      const account = await openAccount(process.env, name);
      const since = new Date(Date.now() - options.since * 1000);
      if (options.query === undefined) await show(account, name, since, options);
      else await query(account, name, since, options.query, options.json === true);
    });
}

async function show(account: Account, name: EnvironmentName, since: Date, options: Options): Promise<void> {
  const { readLogs } = await import('../logs/read');
  const sources = await openSources(account, name, options.source);
  const containing = options.request === undefined ? undefined : await idsOf(options.request, sources, since);
  const follow = options.follow === true;
  let found = false;
  for await (const entry of readLogs(sources, { since, follow, containing })) {
    const line = readable(entry);
    if (line === undefined || (options.errors === true && !line.isError)) continue;
    found = true;
    const time = new Date(entry.at).toISOString();
    if (options.json) {
      printWhole(
        JSON.stringify({ time, source: entry.source, error: line.isError, message: entry.message.trimEnd() }),
      );
      continue;
    }
    const head = `${dim(time.slice(11, 23))} ${colours[entry.source](entry.source.padEnd(width))}`;
    print(`${head} ${line.isError ? red(line.text) : line.text}`);
  }
  if (!found) tell(`no such line since ${since.toISOString().slice(0, 19)}Z; look further back: --since 1d`);
}

/** The access log contains both ids of a request: that of the API, and that of the function. */
async function idsOf(id: string, sources: readonly OpenSource[], since: Date): Promise<readonly string[]> {
  const { readLogs } = await import('../logs/read');
  const ids = new Set([id]);
  const api = sources.filter(({ source }) => source === 'api');
  for await (const { message } of readLogs(api, { since, follow: false, containing: [id] })) {
    for (const [, other] of message.matchAll(/"(?:requestId|integrationRequestId)":"([^"-][^"]*)"/g)) {
      if (other !== undefined) ids.add(other);
    }
  }
  return [...ids];
}

async function openSources(
  { configuration, clientOptions }: Account,
  name: EnvironmentName,
  only: LogSource | undefined,
): Promise<readonly OpenSource[]> {
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  return logSources
    .filter((source) => only === undefined || source === only)
    .map((source) => {
      const group = logGroupOf(source, namesOf(name), configuration.region);
      const client = new CloudWatchLogsClient({ ...clientOptions, region: group.region });
      client.middlewareStack.add(rememberCalls, { step: 'initialize' });
      // Without a named log, missing logs are skipped. A log that was named must exist.
      if (ofEdge(source) && only === undefined) return { source, group, client };
      const environment = configuration.environments[name];
      const ifMissing = missingLogGroup({ name, environment, source, group, shell: process.env });
      return { source, group, client, ifMissing };
    });
}

async function query(
  { clientOptions }: Account,
  name: EnvironmentName,
  since: Date,
  saved: string,
  json: boolean,
): Promise<void> {
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  const { runSavedQuery } = await import('../logs/query');
  const client = new CloudWatchLogsClient(clientOptions);
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  const rows = await runSavedQuery({
    client,
    stack: namesOf(name).stack,
    name: saved,
    since,
    next: makeAgain(name, process.env),
  });
  const [first] = rows;
  if (json) printJson(rows);
  else if (first === undefined) print('nothing was found');
  else
    print(
      await table(
        Object.keys(first),
        rows.map((row) => Object.values(row)),
      ),
    );
}
