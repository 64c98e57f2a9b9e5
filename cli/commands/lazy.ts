import { Command } from 'commander';

/** A command that is loaded when it is named: what the others need would make each of them wait. */
export interface LazyCommand {
  readonly description: string;
  /** @param args what follows its name; nothing loads all that is below it. */
  readonly load: (args: readonly string[] | undefined) => Promise<Command>;
}

/**
 * Adds commands below a parent. Those that are not named stand there for the list and for suggestions.
 * @param args what follows the parent's name on the command line; nothing loads all.
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

/** A command that was made on its own has its parent's manners only when they are handed down. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}
