import { Command } from 'commander';
import { version } from '../../package.json';
import { addCommands, type LazyCommand } from './lazy';
import { oneLine } from './one-line';
import { fitted } from '../terminal';

const commands: Readonly<Record<string, LazyCommand>> = {
  local: {
    description: 'a local cloud for the real Terraform deployments, which answers requests as deployed',
    load: async (args) => (await import('./local')).localCommand(args),
  },
  doctor: {
    description: 'check this machine, the account and an environment, and say what to type',
    load: async () => (await import('./doctor')).doctorCommand(),
  },
  bootstrap: {
    description: "create the missing buckets for Terraform's state; changes nothing if all exist",
    load: async () => (await import('./bootstrap')).bootstrapCommand(),
  },
  migrate: {
    description:
      "migrate from the earlier guide's CloudFormation stack to an environment here, with the same URL",
    load: async (args) => (await import('./migrate')).migrateCommand(args),
  },
  secrets: {
    description: "the application's secrets, which are stored only in SSM",
    load: async (args) => (await import('./secrets')).secretsCommand(args),
  },
  image: {
    description: "the backend's image",
    load: async () => (await import('./image')).imageCommand(),
  },
  release: {
    description:
      'make an environment run an image: check, deploy, test through the public URL; roll back on failure',
    load: async () => (await import('./release')).releaseCommand(),
  },
  logs: {
    description: 'the logs of an environment in chronological order: function, API, edge and firewall',
    load: async () => (await import('./logs')).logsCommand(),
  },
  cost: {
    description: 'the cost of an environment per month, compared with other architectures',
    load: async () => (await import('./cost')).costCommand(),
  },
  dashboard: {
    description: "draw an environment's dashboard with its current metrics",
    load: async () => (await import('./dashboard')).dashboardCommand(),
  },
  tune: {
    description: "the function's duration, memory and cost from its log, and what to change",
    load: async () => (await import('./tune')).tuneCommand(),
  },
  promote: {
    description:
      'release to one environment the image that is live in another and has passed its tests there',
    load: async () => (await import('./promote')).promoteCommand(),
  },
  rollback: {
    description: 'roll back to an earlier version: the alias at once, then the state by a deploy',
    load: async () => (await import('./rollback')).rollbackCommand(),
  },
  smoke: {
    description: 'test an environment through its public URL, like a client',
    load: async () => (await import('./smoke')).smokeCommand(),
  },
  status: {
    description: 'what is live in each environment, and what to do next',
    load: async () => (await import('./status')).statusCommand(),
  },
  pipeline: {
    description: 'the commands that the workflows in .github call',
    load: async () => (await import('./pipeline')).pipelineCommand(),
  },
  unlock: {
    description:
      "show who holds the lock of an environment's state; with its id, remove the lock of a dead run",
    load: async () => (await import('./unlock')).unlockCommand(),
  },
  recover: {
    description: "make a stack's state match AWS after a killed run or a lost state",
    load: async () => (await import('./recover')).recoverCommand(),
  },
};

/** A placeholder for the list. The library adds the real command, which must know every command and option. */
const completion: LazyCommand = {
  description: 'print the completion script for bash, fish, PowerShell or zsh',
  load: () => Promise.resolve(new Command('complete')),
};

/** @param args what was typed after `kairos`. */
export async function kairosCommand(args: readonly string[]): Promise<Command> {
  if (args[0] !== 'complete') return addCommands(program(), { ...commands, complete: completion }, args);
  const every = await everyCommand();
  const { default: addCompletion } = await import('@bomb.sh/tab/commander');
  addCompletion(every);
  return every;
}

/** @returns the command with all its subcommands loaded. */
export function everyCommand(): Promise<Command> {
  return addCommands(program(), commands, undefined);
}

function program(): Command {
  return new Command('kairos')
    .description('Releases and operates the Kairos backend, in addition to the cdktf command.')
    .version(version)
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => {
        process.stdout.write(fitted(text, process.stdout.columns || 80));
      },
      outputError: (text, write) => {
        write(fitted(oneLine(text), process.stderr.columns));
      },
    });
}
