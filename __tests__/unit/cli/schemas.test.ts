import type { Command } from 'commander';
import { everyCommand } from '../../../cli/commands';
import { jsonSchemas } from '../../../cli/schemas';

/** @returns the commands that have `--json`, by all words of their names. */
function withJson(parent: Command, path: readonly string[] = []): readonly string[] {
  return parent.commands.flatMap((command) => {
    const name = [...path, command.name()];
    const own = command.options.some(({ long }) => long === '--json') ? [name.join(' ')] : [];
    return [...own, ...withJson(command, name)];
  });
}

it('each command that has --json has a schema of what it prints, and no other one', async () => {
  const program = await everyCommand();
  expect(Object.keys(jsonSchemas).sort()).toEqual([...withJson(program)].sort());
});
