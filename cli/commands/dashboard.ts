import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { type EnvironmentName, namesOf } from '../../config/names';
import { openAccount } from '../aws';
import { parseDuration } from '../durations';
import { environmentArgument } from './arguments';
import { printJson, printWhole, tell } from '../terminal';

interface Options {
  readonly since: number;
  readonly output?: string;
  readonly json?: true;
}

export function dashboardCommand(): Command {
  return new Command('dashboard')
    .addArgument(environmentArgument('<environment>'))
    .option('--since <duration>', 'how far back: 90s, 10m, 1h, 2d', parseDuration, 10_800)
    .option('--output <file>', 'the file to write (default: standard output)')
    .option('--json', 'print states and values as JSON instead')
    .addHelpText(
      'after',
      '\nExample: npx kairos dashboard prod --output prod.svg\nExit codes: 0 success; 1 it could not be drawn.',
    )
    .action(async (name: EnvironmentName, { since, output, json }: Options) => {
      const { clientOptions } = await openAccount(process.env, name);
      const [{ CloudWatchClient }, { readSeries, readStates, readWidgets }, { dashboardSvg }] =
        await Promise.all([
          import('@aws-sdk/client-cloudwatch'),
          import('../dashboard/read'),
          import('../dashboard/svg'),
        ]);
      const clientOf = (region: string) => new CloudWatchClient({ ...clientOptions, region });
      const { stack } = namesOf(name);
      const widgets = await readWidgets(clientOf(clientOptions.region), stack);
      const to = new Date();
      const from = new Date(to.getTime() - since * 1_000);
      const graphs = widgets.filter((widget) => widget.type === 'metric');
      const [states, values] = await Promise.all([
        readStates(
          clientOf,
          widgets.flatMap((widget) => (widget.type === 'alarm' ? widget.properties.alarms : [])),
        ),
        Promise.all(graphs.map((graph) => readSeries(clientOf(graph.properties.region), graph, from, to))),
      ]);
      if (json) {
        printJson({
          alarms: Object.fromEntries(states),
          graphs: graphs.map(({ properties: { title } }, index) => ({ title, series: values[index] })),
        });
        return;
      }
      const svg = dashboardSvg(stack, widgets, {
        series: (graph) => values[graphs.indexOf(graph)] ?? [],
        states,
        from: from.getTime(),
        to: to.getTime(),
      });
      if (output === undefined) {
        printWhole(svg.trimEnd());
        return;
      }
      writeFileSync(output, svg);
      tell(`${output} shows ${stack} since ${from.toISOString().slice(0, 16).replace('T', ' ')} UTC`);
    });
}
