import { Command } from 'commander';
import { version } from '../../package.json';
import { addCommands, type LazyCommand } from './lazy';
import { oneLine } from './one-line';
import { fitted } from '../terminal';

const commands: Readonly<Record<string, LazyCommand>> = {
  local: {
    description: 'a local cloud that takes the real Terraform deployments and answers as they say',
    load: async (args) => (await import('./local')).localCommand(args),
  },
  doctor: {
    description: 'check this machine, the account and an environment, and say what to type',
    load: async () => (await import('./doctor')).doctorCommand(),
  },
  bootstrap: {
    description: "make the buckets of Terraform's state that are missing; harmless when all are there",
    load: async () => (await import('./bootstrap')).bootstrapCommand(),
  },
  migrate: {
    description: "from the earlier guide's CloudFormation stack to an environment here, by the same address",
    load: async (args) => (await import('./migrate')).migrateCommand(args),
  },
  secrets: {
    description: "the application's secrets, which live in SSM and nowhere else",
    load: async (args) => (await import('./secrets')).secretsCommand(args),
  },
  image: {
    description: "the backend's image",
    load: async () => (await import('./image')).imageCommand(),
  },
  release: {
    description:
      'make an environment run an image: check, deploy, ask through the public URL; roll back what fails',
    load: async () => (await import('./release')).releaseCommand(),
  },
  logs: {
    description:
      'what an environment has logged, in the order of time, from function, API, edge and firewall',
    load: async () => (await import('./logs')).logsCommand(),
  },
  cost: {
    description: 'what a month of an environment costs, next to other ways to serve the same',
    load: async () => (await import('./cost')).costCommand(),
  },
  dashboard: {
    description: "a picture of an environment's dashboard as it is now, drawn from its metrics",
    load: async () => (await import('./dashboard')).dashboardCommand(),
  },
  tune: {
    description: "the function's duration, memory and cost as its log tells them, and what to change",
    load: async () => (await import('./tune')).tuneCommand(),
  },
  promote: {
    description: 'release to one environment exactly what is live in another, and has passed there',
    load: async () => (await import('./promote')).promoteCommand(),
  },
  rollback: {
    description: 'go back to an earlier version: the alias at once, then the state by a deploy',
    load: async () => (await import('./rollback')).rollbackCommand(),
  },
  smoke: {
    description: 'ask an environment through its public URL what a client would',
    load: async () => (await import('./smoke')).smokeCommand(),
  },
  status: {
    description: 'what is live where, and what is left to do',
    load: async () => (await import('./status')).statusCommand(),
  },
  pipeline: {
    description: 'what the workflows of .github call, and nothing that they need GitHub for',
    load: async () => (await import('./pipeline')).pipelineCommand(),
  },
  unlock: {
    description: "say who holds an environment's state; with the lock's id, take it from a run that is dead",
    load: async () => (await import('./unlock')).unlockCommand(),
  },
  recover: {
    description: "make a stack's state agree with AWS after a run that was killed, or a state that was lost",
    load: async () => (await import('./recover')).recoverCommand(),
  },
};

/** A placeholder for the list. The library adds the real command, which must know every command and option. */
const completion: LazyCommand = {
  description: 'print what completes the command in bash, fish, PowerShell or zsh',
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
    .description('What the cdktf command does not do for the Kairos backend.')
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
