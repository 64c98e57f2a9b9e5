import type { Command } from 'commander';
import { everyCommand } from '../../../cli/commands';
import { jsonSchemas } from '../../../cli/schemas';

/** @returns the commands with `--json`, by all words of their names. */
function withJson(parent: Command, path: readonly string[] = []): readonly string[] {
  return parent.commands.flatMap((command) => {
    const name = [...path, command.name()];
    const own = command.options.some(({ long }) => long === '--json') ? [name.join(' ')] : [];
    return [...own, ...withJson(command, name)];
  });
}

it('each command with --json has a schema for its output, and no other command has one', async () => {
  const program = await everyCommand();
  expect(Object.keys(jsonSchemas).sort()).toEqual([...withJson(program)].sort());
});

/** @returns the commands without `--json`, except those that only have subcommands. */
function withoutJson(parent: Command, path: readonly string[] = []): readonly string[] {
  return parent.commands.flatMap((command) => {
    const name = [...path, command.name()];
    if (command.commands.length > 0) return withoutJson(command, name);
    return command.options.some(({ long }) => long === '--json') ? [] : [name.join(' ')];
  });
}

// The commands of the pipelines write for GitHub.
it('each command for people has --json', async () => {
  const found = withoutJson(await everyCommand()).filter((name) => !name.startsWith('pipeline '));
  expect(found).toEqual(['complete', 'help'].filter((name) => found.includes(name)));
});
