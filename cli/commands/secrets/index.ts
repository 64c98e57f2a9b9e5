import { Command } from 'commander';
import { addCommands, type LazyCommand } from '../lazy';

const commands: Readonly<Record<string, LazyCommand>> = {
  set: {
    description: 'write secrets directly to SSM, from a hidden prompt, standard input or a dotenv file',
    load: async () => (await import('./set')).setCommand(),
  },
  check: {
    description: 'list the secrets and what is still unset; reads no value',
    load: async () => (await import('./check')).checkCommand(),
  },
};

/** @param args what follows `secrets` on the command line; without it, all subcommands are loaded. */
export function secretsCommand(args: readonly string[] | undefined): Promise<Command> {
  return addCommands(new Command('secrets'), commands, args);
}
