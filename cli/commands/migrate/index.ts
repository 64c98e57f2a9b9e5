import { Command } from 'commander';
import { addCommands, type LazyCommand } from '../lazy';

const commands: Readonly<Record<string, LazyCommand>> = {
  plan: {
    description: 'read the live stack, and write the imports for Terraform as files to review',
    load: async () => (await import('./plan')).planCommand(),
  },
  secrets: {
    description: "copy the secrets from the function's variables directly to SSM",
    load: async () => (await import('./secrets')).secretsCommand(),
  },
};

/** @param args what follows `migrate` on the command line; without it, all subcommands are loaded. */
export function migrateCommand(args: readonly string[] | undefined): Promise<Command> {
  return addCommands(new Command('migrate'), commands, args);
}
