import { Command, InvalidArgumentError } from 'commander';
import { pricedRegion, prices } from '../../aws/prices';
import { placeOf } from '../../config/account';
import { type EnvironmentName, namesOf } from '../../config/names';
import { readConfiguration } from '../../config/read';
import type { Estimate } from '../cost/estimate';
import { environmentArgument } from './arguments';
import { bold, print, printJson, table, tell, yellow } from '../terminal';

interface Options {
  readonly requests?: number;
  readonly duration: number;
  readonly freeTier?: true;
  readonly json?: true;
}

const volumes = [100_000, 1_000_000, 10_000_000, 100_000_000];

export function costCommand(): Command {
  return new Command('cost')
    .addArgument(environmentArgument('<environment>'))
    .option('--requests <number>', 'requests of the month (default: 0.1, 1, 10 and 100 million)', count)
    .option('--duration <ms>', 'the duration of an invocation; `kairos tune` measures it', count, 100)
    .option('--free-tier', 'subtract the permanent free tier of an account')
    .option('--json', 'print it as JSON, with each line of the bill and the source of each price')
    .addHelpText(
      'after',
      '\nExample: npx kairos cost prod --requests 3000000 --duration 80\nExit codes: 0 success; 1 the cost could not be calculated.',
    )
    .action(async (name: EnvironmentName, options: Options) => {
      const configuration = readConfiguration(process.env);
      const { environments, image } = configuration;
      const { region } = placeOf(configuration, name);
      if (region !== pricedRegion)
        tell(yellow(`the prices are those of ${pricedRegion}; they may differ in ${region}`));
      const [{ estimate }, { synthesizedStack }] = await Promise.all([
        import('../cost/estimate'),
        import('../synthesized'),
      ]);
      const reckoned = estimate(
        { environment: environments[name], architecture: image.architecture },
        await synthesizedStack(namesOf(name).stack, process.env),
        {
          requests: options.requests === undefined ? volumes : [options.requests],
          duration: options.duration,
          freeTier: options.freeTier === true,
        },
      );
      if (options.json) printJson({ environment: name, duration: options.duration, ...reckoned, prices });
      else await show(name, environments[name].function.memory, options.duration, reckoned);
    });
}

async function show(
  name: EnvironmentName,
  memory: number,
  duration: number,
  { months }: Estimate,
): Promise<void> {
  const { byService } = await import('../cost/line');
  const sums = months.map(({ lines }) => byService(lines));
  const services = [...new Set(sums.flatMap((each) => [...each.keys()]))];
  const others = Object.keys(months[0]?.instead ?? {});
  print(bold(`kairos-${name}: US dollars per month, for requests of ${duration} ms at ${memory} MB`));
  print(
    await table(
      ['', ...months.map(({ requests }) => `${requests / 1_000_000} million`)],
      [
        ...services.map((service) => [service, ...sums.map((each) => dollars(each.get(service) ?? 0))]),
        ['all of it', ...months.map(({ total }) => dollars(total))],
        ...others.map((other) => [
          `instead: ${other}`,
          ...months.map(({ instead }) => dollars(instead[other] ?? 0)),
        ]),
      ],
    ),
  );
  tell(
    'list prices without tax; the assumptions about a request, and the source of each price: docs/cost.md',
  );
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0)
    throw new InvalidArgumentError(`"${text}" is not a number above 0; expected a number such as 1000000.`);
  return number;
}
