import { Command } from 'commander';
import { type EnvironmentName, environmentNames, namesOf, parseEnvironmentName } from '../../config/names';
import { messageOf, UserError } from '../errors';
import { endpointOf, runningCloud, stopCloud } from '../local/cloud';
import { LocalHome } from '../local/home';
import { localVariables } from '../local/shell';
import { allEnded } from '../process';
import { bold, command, print, printJson, tell } from '../terminal';

interface JsonOption {
  readonly json?: true;
}

export function localCommand(): Command {
  return new Command('local')
    .description('a local cloud that takes the real Terraform deployments')
    .addCommand(upCommand())
    .addCommand(envCommand())
    .addCommand(statusCommand())
    .addCommand(downCommand());
}

function upCommand(): Command {
  return new Command('up')
    .description('start it and deploy into it; again, it deploys what changed')
    .argument('[environments...]', `${environmentNames.join(', ')}, or all`, ['prod'])
    .option('--json', 'print what was deployed as JSON')
    .action(async (names: string[], { json }: JsonOption) => {
      const environments = parseEnvironments(names);
      const home = new LocalHome(process.env);
      const { up } = await import('../local/up');
      const { summarize, summaryLines } = await import('../local/summary');
      const started = Date.now();
      finishOnInterrupt();
      const record = await up({ home, shell: process.env, environments });
      const shell = { ...process.env, ...localVariables(record, home, process.env) };
      const summary = await summarize(environments, { home, shell });
      if (json) {
        printJson(summary);
        return;
      }
      for (const line of summaryLines(summary)) print(line);
      const seconds = Math.round((Date.now() - started) / 1000);
      tell(`${bold('The local cloud is up')} after ${seconds} s. Next:`);
      tell(`  ${command('eval "$(npm run -s kairos -- local env)"')}     points this shell at it`);
      for (const name of environments) tell(`  ${command(`npx cdktf plan ${namesOf(name).stack}`)}`);
      tell(`  ${command('npm run local:down')}`);
    });
}

/** A terminal's Ctrl-C reaches Terraform as well, which then ends in order and gives its lock back. */
function finishOnInterrupt(): void {
  process.once('SIGINT', () => {
    tell(
      'stopped; Terraform finishes what it has begun. Next: npm run local goes on, npm run local:down ends it',
    );
    void allEnded().then(() => process.exit(130));
  });
}

function parseEnvironments(names: readonly string[]): readonly EnvironmentName[] {
  if (names.includes('all')) return environmentNames;
  try {
    return [...new Set(names.map(parseEnvironmentName))];
  } catch (error) {
    throw new UserError(`${messageOf(error)}, or all`);
  }
}

function envCommand(): Command {
  return new Command('env').description('print the exports that point a shell at it').action(async () => {
    const { home, record } = await requireCloud();
    for (const [name, value] of Object.entries(localVariables(record, home, process.env))) {
      print(
        value === undefined ? `unset ${name}` : `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
      );
    }
  });
}

function statusCommand(): Command {
  return new Command('status')
    .description('say whether it runs, and where')
    .option('--json', 'print it as JSON')
    .action(async ({ json }: JsonOption) => {
      const home = new LocalHome(process.env);
      const record = await runningCloud(home);
      if (json) {
        printJson(
          record === undefined
            ? { running: false }
            : { running: true, ...record, endpoint: endpointOf(record) },
        );
      } else if (record === undefined) {
        print('no local cloud runs here');
      } else {
        print(`the local cloud answers at ${endpointOf(record)} (process ${record.pid}), log: ${home.log}`);
      }
      if (record === undefined) {
        tell(`next: ${command('npm run local')}`);
        process.exitCode = 1;
      }
    });
}

function downCommand(): Command {
  return new Command('down').description('end it; what was deployed is gone').action(async () => {
    const stopped = await stopCloud(new LocalHome(process.env));
    print(stopped ? 'the local cloud is down' : 'no local cloud runs here');
  });
}

async function requireCloud() {
  const home = new LocalHome(process.env);
  const record = await runningCloud(home);
  if (record === undefined) throw new UserError('no local cloud runs here; next: npm run local');
  return { home, record };
}
