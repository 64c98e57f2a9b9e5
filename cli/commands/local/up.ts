import { Command } from 'commander';
import { type EnvironmentName, environmentNames, namesOf, parseEnvironmentName } from '../../../config/names';

import { during, type Phase } from '../../interruption';
import type { FirstRequest } from '../../local/first-request';
import { LocalHome } from '../../local/home';
import { servedVariables } from '../../local/shell';
import { bold, command, green, print, printJson, red, tell } from '../../terminal';

interface Options {
  readonly json?: true;
}

export function upCommand(): Command {
  return new Command('up')
    .description('start it and deploy into it; again, it deploys what changed')
    .argument('[environments...]', `${environmentNames.join(', ')}, or all`, ['prod'])
    .option('--json', 'print what was deployed as JSON')
    .action(async (names: string[], { json }: Options) => {
      const environments = parseEnvironments(names);
      const home = new LocalHome(process.env);
      const started = Date.now();
      const { up } = await import('../../local/up');
      const { summarize, summaryLines } = await import('../../local/summary');
      const { firstRequest } = await import('../../local/first-request');
      const record = await during(phaseOf(home), () => up({ home, shell: process.env, environments }));
      const shell = { ...process.env, ...(await servedVariables(record, home, process.env)) };
      const summary = await summarize(environments, shell);
      const requests = await Promise.all(summary.map((stack) => firstRequest(stack, shell)));
      if (json) {
        printJson(summary.map((stack, index) => ({ ...stack, request: requests[index] })));
        return;
      }
      for (const line of [...summaryLines(summary), ...requests.map(requestLine)]) print(line);
      tellNext(environments, Math.round((Date.now() - started) / 1000));
    });
}

function parseEnvironments(names: readonly string[]): readonly EnvironmentName[] {
  if (names.includes('all')) return environmentNames;
  return [...new Set(names.map(parseEnvironmentName))];
}

/** What stays when it is stopped: all that was made so far. */
function phaseOf(home: LocalHome): Phase {
  return {
    live: () =>
      home.read() === undefined
        ? 'no local cloud runs yet'
        : 'the local cloud runs, with what Terraform had finished',
    next: 'npm run local (goes on), npm run local:down (ends it)',
  };
}

function requestLine({ address, status, milliseconds, reason }: FirstRequest): string {
  const answer = `GET ${address} → ${status ?? 'no answer'} in ${milliseconds} ms`;
  return reason === undefined ? green(answer) : `${red(answer)}\n  ${reason}`;
}

function tellNext(environments: readonly EnvironmentName[], seconds: number): void {
  const next: readonly (readonly [string, string])[] = [
    ['eval "$(npx kairos local env)"', 'points this shell at it'],
    ...environments.map(
      (name) => [`npx cdktf plan ${namesOf(name).stack}`, 'says what would change'] as const,
    ),
    ['npx kairos local logs --follow', 'shows what it does'],
    ['npm run local:down', 'ends it'],
  ];
  const width = Math.max(...next.map(([text]) => text.length));
  tell(
    `${bold('The local cloud is up')} after ${seconds} s. AWS's managed firewall rules let everything pass here.`,
  );
  for (const [text, what] of next) tell(`  ${command(text.padEnd(width))}  ${what}`);
}
