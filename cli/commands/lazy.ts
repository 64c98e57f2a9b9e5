import { Command } from 'commander';

/** A command that is loaded when it is named, so that the others do not wait for its imports. */
export interface LazyCommand {
  readonly description: string;
  /** @param args what follows its name; without it, all subcommands are loaded. */
  readonly load: (args: readonly string[] | undefined) => Promise<Command>;
}

/**
 * Adds subcommands to a command. Those that are not named are only placeholders for the list and for suggestions.
 * @param args what follows the parent's name on the command line; without it, all are loaded.
 */
export async function addCommands(
  parent: Command,
  commands: Readonly<Record<string, LazyCommand>>,
  args: readonly string[] | undefined,
): Promise<Command> {
  const at = args?.findIndex((argument) => !argument.startsWith('-')) ?? -1;
  for (const [name, { description, load }] of Object.entries(commands)) {
    const isNamed = args === undefined || args[at] === name;
    const command = isNamed ? await load(args?.slice(at + 1)) : new Command(name);
    parent.addCommand(command.description(description));
  }
  inheritSettings(parent);
  return parent;
}

/** A command that was created separately gets its parent's settings only if they are copied. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}
