import { Command } from 'commander';
import { type EnvironmentName, namesOf } from '../../config/names';
import { type Account, openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { parseDuration } from '../durations';
import type { Advice } from '../tune/advice';
import type { Report } from '../tune/reports';
import type { Size } from '../tune/sizes';
import { environmentArgument } from './arguments';
import { bold, command, print, printJson, table, tell } from '../terminal';

interface Options {
  readonly since: number;
  readonly json?: true;
}

export function tuneCommand(): Command {
  return new Command('tune')
    .addArgument(environmentArgument('<environment>'))
    .option('--since <duration>', 'how far back: 90s, 10m, 1h, 2d', parseDuration, 86_400)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos tune prod --since 7d\nExit codes: 0 success; 1 it could not be read. It needs the permissions of: npx kairos logs prod --policy',
    )
    .action(async (name: EnvironmentName, { since, json }: Options) => {
      const account = await openAccount(process.env, name);
      const { environments, image } = account.configuration;
      const [{ sizesOf }, { adviceFor }] = await Promise.all([
        import('../tune/sizes'),
        import('../tune/advice'),
      ]);
      const reports = await reportsOf(account, name, new Date(Date.now() - since * 1_000));
      const sizes = sizesOf(reports, image.architecture);
      const advice = sizes.length === 0 ? [] : adviceFor(sizes, environments[name].function);
      if (json) {
        printJson({ environment: name, sizes, advice });
        return;
      }
      if (sizes.length === 0) {
        print(
          `the function of ${name} has reported no invocation in that time; look further back with --since`,
        );
        return;
      }
      await show(sizes, advice);
      const duration = Math.max(1, Math.round(sizes.at(-1)?.duration.mean ?? 1));
      tell(`the cost with everything else: ${command(`npx kairos cost ${name} --duration ${duration}`)}`);
    });
}

/** A busy function writes some hundred thousand lines a day, which take minutes to read, so progress is printed. */
const told = 10_000;

async function reportsOf(
  { clientOptions, configuration }: Account,
  name: EnvironmentName,
  since: Date,
): Promise<readonly Report[]> {
  const [{ CloudWatchLogsClient }, { missingLogGroup }, { readLogs }, { logGroupOf }, { reportIn }] =
    await Promise.all([
      import('@aws-sdk/client-cloudwatch-logs'),
      import('../logs/missing'),
      import('../logs/read'),
      import('../logs/sources'),
      import('../tune/reports'),
    ]);
  const source = 'function';
  const group = logGroupOf(source, namesOf(name), configuration.region);
  const client = new CloudWatchLogsClient({ ...clientOptions, region: group.region });
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  const environment = configuration.environments[name];
  const ifMissing = missingLogGroup({ name, environment, source, group, shell: process.env });
  const reports: Report[] = [];
  const options = { since, follow: false, containing: ['platform.report'] };
  for await (const { message } of readLogs([{ source, group, client, ifMissing }], options)) {
    const report = reportIn(message);
    if (report !== undefined) reports.push(report);
    if (report !== undefined && reports.length % told === 0) tell(`${reports.length} invocations read`);
  }
  return reports;
}

async function show(sizes: readonly Size[], advice: readonly Advice[]): Promise<void> {
  print(
    await table(
      [
        'memory',
        'invocations',
        'p50',
        'p95',
        'p99',
        'cold starts',
        'start p95',
        'used',
        'time-outs',
        'a million',
      ],
      sizes.map(({ memory, invocations, duration, coldStarts, startP95, used, timeouts, costPerMillion }) => [
        `${memory} MB`,
        String(invocations),
        milliseconds(duration.p50),
        milliseconds(duration.p95),
        milliseconds(duration.p99),
        String(coldStarts),
        startP95 === undefined ? '-' : milliseconds(startP95),
        `${used} MB`,
        String(timeouts),
        `${costPerMillion.toFixed(2)} $`,
      ]),
    ),
  );
  for (const { why, setting, to } of advice) {
    print(why);
    if (setting !== undefined) print(`  in config/environments.ts: ${bold(`${setting}: ${to ?? ''}`)}`);
  }
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
