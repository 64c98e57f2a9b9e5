import type { Command } from 'commander';
import { everyCommand } from '../../../cli/commands';

/** @returns the commands that do something, with all words of their names. */
function leaves(parent: Command, path: readonly string[] = []): readonly (readonly [string, Command])[] {
  return parent.commands.flatMap((command) => {
    const name = [...path, command.name()];
    return command.commands.length === 0 ? [[name.join(' '), command] as const] : leaves(command, name);
  });
}

/** @returns the complete output of --help. */
function helpOf(command: Command): string {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  command.outputHelp();
  const text = write.mock.calls.map(([part]) => String(part)).join('');
  write.mockRestore();
  return text;
}

describe('the help', () => {
  it('of each command fits into 80 columns', async () => {
    for (const [name, command] of leaves(await everyCommand())) {
      const wide = helpOf(command)
        .split('\n')
        .filter((line) => line.length > 80);
      expect({ name, wide }).toEqual({ name, wide: [] });
    }
  });

  it('of each command has an example of that command', async () => {
    // Commands that only the workflows use are documented there.
    const typed = leaves(await everyCommand()).filter(([name]) => !name.startsWith('pipeline'));
    for (const [name, command] of typed) {
      expect({ name, example: new RegExp(`\\bkairos ${name}\\b`).test(examplesIn(helpOf(command))) }).toEqual(
        {
          name,
          example: true,
        },
      );
    }
  });
});

/** @returns the text after the usage and the options. */
function examplesIn(help: string): string {
  return help.slice(help.indexOf('--help'));
}
