import { Command } from 'commander';
import { dropForeignVariables } from '../../local/foreign-variables';
import { addCommands, type LazyCommand } from '../lazy';

const commands: Readonly<Record<string, LazyCommand>> = {
  up: {
    description: 'start it and deploy into it; if it runs, deploy what has changed',
    load: async () => (await import('./up')).upCommand(),
  },
  env: {
    description: 'print the exports that point a shell at it: eval "$(npx kairos local env)"',
    load: async () => (await import('./env')).envCommand(),
  },
  status: {
    description: 'show whether it runs, and the addresses of its APIs and distributions',
    load: async () => (await import('./status')).statusCommand(),
  },
  down: {
    description: 'stop it and delete everything in it',
    load: async () => (await import('./down')).downCommand(),
  },
};

/** @param args what follows `local` on the command line; without it, all subcommands are loaded. */
export function localCommand(args: readonly string[] | undefined): Promise<Command> {
  const command = new Command('local').hook('preAction', (_, action) => {
    // `env` prints these variables; every other command must ignore them.
    if (action.name() !== 'env') dropForeignVariables(process.env);
  });
  return addCommands(command, commands, args);
}
