import { Command } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../config/names';
import { openEnvironment } from '../live/environment';
import { breakLock, holderOf, readLock } from '../live/lock';
import { command, print, printJson, tell } from '../terminal';

interface Options {
  readonly json?: true;
}

export function unlockCommand(): Command {
  return new Command('unlock')
    .argument('<environment>', 'dev, staging or prod', parseEnvironmentName)
    .argument('[id]', "the lock's id: whoever names it has looked whether that run is dead")
    .option('--json', 'print the lock as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos unlock prod 5f2a6c1e-…\nExit codes: 0 nobody holds it now; 1 somebody does.',
    )
    .action(async (name: EnvironmentName, id: string | undefined, { json }: Options) => {
      const environment = await openEnvironment(name, process.env);
      const lock = id === undefined ? await readLock(environment) : await breakLock(environment, id);
      const { stack } = environment.names;
      if (json) printJson({ held: lock !== undefined && id === undefined, lock });
      else if (lock === undefined) print(`nobody holds the state of ${stack}`);
      else print(`the state of ${stack} ${id === undefined ? 'is' : 'was'} held by ${holderOf(lock)}`);
      if (lock === undefined || id !== undefined) return;
      process.exitCode = 1;
      tell(`when that run is dead: ${command(`npx kairos unlock ${name} ${lock.id}`)}`);
    });
}
