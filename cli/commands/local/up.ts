import { Command } from 'commander';
import { type EnvironmentName, environmentNames, namesOf, parseEnvironmentName } from '../../../config/names';

import { during, type Phase } from '../../interruption';
import type { LocalImage } from '../../local/image';
import type { FirstRequest } from '../../local/first-request';
import { placeOf, separateEnvironments } from '../../../config/account';
import { readConfiguration } from '../../../config/read';
import type { Configuration } from '../../../config/types';
import { shellIn } from '../../local/accounts';
import { LocalHome } from '../../local/home';
import { servedVariables } from '../../local/shell';
import { bold, command, green, print, printJson, red, tell } from '../../terminal';

interface Options {
  readonly json?: true;
  /** Whether a first request is sent. */
  readonly request: boolean;
  readonly verbose?: true;
}

export function upCommand(): Command {
  return new Command('up')
    .argument('[environments...]', `${environmentNames.join(', ')}, or all`, ['prod'])
    .option('--json', 'print what was deployed as JSON')
    .option('--verbose', 'list the number of resources of each type')
    .option('--no-request', 'send no first request; if it failed, the exit code would be 1')
    .addHelpText(
      'after',
      '\nExample: npx kairos local up dev\nExit codes: 0 it is up and answers; 1 something was not deployed, or does not answer.',
    )
    .action(async (names: string[], { json, request, verbose }: Options) => {
      const environments = parseEnvironments(names);
      const home = new LocalHome(process.env);
      const started = Date.now();
      const { up } = await import('../../local/up');
      const { summarize, summaryLines } = await import('../../local/summary');
      const { firstRequest } = await import('../../local/first-request');
      const { cloud, image, outdated } = await during(phaseOf(home), () =>
        up({ home, shell: process.env, environments }),
      );
      const shell = { ...process.env, ...(await servedVariables(cloud, home, process.env)) };
      const table = readConfiguration(shell);
      const shellOf = (name: EnvironmentName) => shellIn(shell, placeOf(table, name));
      const summary = await summarize(environments, shellOf);
      const requests = request
        ? await Promise.all(
            environments.map((name, index) => {
              const stack = summary[index];
              if (stack === undefined) throw new Error(`there is no summary of ${name}`);
              return firstRequest(stack, shellOf(name));
            }),
          )
        : [];
      if (requests.some(({ reason }) => reason !== undefined)) process.exitCode = 1;
      if (json) {
        printJson(summary.map((stack, index) => ({ ...stack, request: requests[index] })));
        return;
      }
      for (const { address } of requests) print(`${bold('open')} ${new URL('/docs', address).href}`);
      for (const line of [...requests.map(requestLine), ...summaryLines(summary, verbose ?? false)])
        print(line);
      if (image !== undefined) tell(imageLine(image));
      if (outdated > 0)
        tell(`Secrets have changed: the backend reads them again (${outdated} environments terminated).`);
      tellNext(environments, table, Math.round((Date.now() - started) / 1000));
    });
}

function parseEnvironments(names: readonly string[]): readonly EnvironmentName[] {
  if (names.includes('all')) return environmentNames;
  return [...new Set(names.map(parseEnvironmentName))];
}

/** What remains if it is stopped: everything that was created so far. */
function phaseOf(home: LocalHome): Phase {
  return {
    live: () =>
      home.read() === undefined
        ? 'no local cloud runs yet'
        : 'the local cloud runs, with what Terraform had finished',
    next: 'npm run local (continues), npm run local:down (stops it)',
  };
}

function imageLine({ runner, standIn }: LocalImage): string {
  const how =
    'image' in runner
      ? `The backend runs in a container of ${runner.image}`
      : `The backend runs as a process, not in a container: ${runner.process}`;
  return standIn ? `${how}; its image in ECR is a placeholder without content` : how;
}

function requestLine({ address, status, milliseconds, reason }: FirstRequest): string {
  const answer = `GET ${address} → ${status ?? 'no answer'} in ${milliseconds} ms`;
  return reason === undefined ? green(answer) : `${red(answer)}\n  ${reason}`;
}

function tellNext(environments: readonly EnvironmentName[], table: Configuration, seconds: number): void {
  const separate = separateEnvironments(table).filter((name) => environments.includes(name));
  const sharing = separate.length < environments.length || separate.length === 0;
  const next: readonly (readonly [string, string])[] = [
    ...(sharing ? [['eval "$(npx kairos local env)"', 'points this shell at it'] as const] : []),
    ...separate.map(
      (name) => [`eval "$(npx kairos local env ${name})"`, `points it at ${name}'s own account`] as const,
    ),
    ...environments.map(
      (name) => [`npx cdktf plan ${namesOf(name).stack}`, 'says what would change'] as const,
    ),
    ...environments.map((name) => [`npx kairos logs ${name} --follow`, 'shows what it does'] as const),
    ['npm run local:down', 'ends it'],
  ];
  const width = Math.max(...next.map(([text]) => text.length));
  tell(
    `${bold('The local cloud is up')} after ${seconds} s. AWS's managed firewall rules block nothing here.`,
  );
  for (const [text, what] of next) tell(`  ${command(text.padEnd(width))}  ${what}`);
}
