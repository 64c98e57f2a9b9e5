import { Command } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../config/names';
import { UserError } from '../../errors';
import { openEnvironment } from '../live/environment';
import { type Holder, lookForHolder, thisMachine } from '../live/holder';
import { breakLock, holderOf, readLock } from '../live/lock';
import { command, isInteractive, print, printJson, tell } from '../terminal';

interface Options {
  readonly yes?: true;
  readonly json?: true;
}

export function unlockCommand(): Command {
  return new Command('unlock')
    .argument('<environment>', 'dev, staging or prod', parseEnvironmentName)
    .argument('[id]', "the lock's id, to remove it")
    .option('--yes', 'the run was on another machine, and I have checked that it is dead')
    .option('--json', 'print the lock as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos unlock prod 5f2a6c1e-…
An active run on this machine keeps its lock. A run on another machine cannot be seen from here, so --yes has to
confirm that it is dead.
Exit codes: 0 the state is not locked; 1 it is locked.`,
    )
    .action(async (name: EnvironmentName, id: string | undefined, { yes, json }: Options) => {
      const environment = await openEnvironment(name, process.env);
      const lock = await readLock(environment);
      const { stack } = environment.names;
      const holder = lock && lookForHolder(lock, stack, thisMachine(process.env));
      if (id !== undefined) {
        if (lock?.id === id && holder !== undefined) await refuseUnlessDead(`${name} ${id}`, holder, yes);
        await breakLock(environment, id);
      }
      const held = lock !== undefined && id === undefined;
      if (json) printJson({ held, lock, holder });
      else if (lock === undefined) print(`nobody holds the state of ${stack}`);
      else print(`the state of ${stack} ${held ? 'is' : 'was'} held by ${holderOf(lock)}`);
      if (!held || holder === undefined) return;
      process.exitCode = 1;
      tell(fateOf(holder));
      if (holder.state !== 'alive') {
        const more = holder.state === 'elsewhere' ? ' --yes' : '';
        tell(`when that run is dead: ${command(`npx kairos unlock ${name} ${lock.id}${more}`)}`);
      }
    });
}

/**
 * @throws UserError if the run is active, or if it cannot be seen from here and nobody has confirmed that it is dead.
 */
async function refuseUnlessDead(args: string, holder: Holder, yes: true | undefined): Promise<void> {
  if (holder.state === 'dead') return;
  if (holder.state === 'alive') {
    throw new UserError(
      `the lock stays: ${fateOf(holder)}; wait for it, or stop it cleanly: kill -INT ${holder.process}`,
    );
  }
  if (yes === true || (await isAgreed(holder.host))) return;
  throw new UserError(
    `the lock stays: ${fateOf(holder)}; look there, and when it is dead: npx kairos unlock ${args} --yes`,
  );
}

function fateOf(holder: Holder): string {
  switch (holder.state) {
    case 'alive':
      return `its Terraform still runs here (process ${holder.process})`;
    case 'dead':
      return 'no Terraform on this machine works on it any more';
    case 'elsewhere':
      return `that run was on ${holder.host}, which cannot be seen from here`;
  }
}

async function isAgreed(host: string): Promise<boolean> {
  if (!isInteractive(process.env)) return false;
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: `Is the run on ${host} dead?`, initialValue: false });
  return !isCancel(answer) && answer;
}
