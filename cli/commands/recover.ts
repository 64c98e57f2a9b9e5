import { Argument, Command } from 'commander';
import { during } from '../interruption';
import type { Adoption } from '../recover/adopt';
import type { StateDamage, StateVersion } from '../recover/history';
import type { Candidate } from '../recover/probe';
import { type Listener, recover, type Recovery } from '../recover/recover';
import { openTarget, parseRecoverable, type Recoverable, recoverable } from '../recover/target';
import { command, green, isInteractive, print, printJson, table, tell, yellow } from '../terminal';

interface Options {
  readonly yes?: true;
  readonly deadLock?: string;
  readonly json?: true;
}

export function recoverCommand(): Command {
  return new Command('recover')
    .addArgument(
      new Argument('<stack>', recoverable.join(', ')).choices(recoverable).argParser(parseRecoverable),
    )
    .option('--yes', 'do not ask; required without a terminal')
    .option('--dead-lock <id>', 'the id of a lock whose run is dead, if it was on another machine')
    .option('--json', 'print what was found and done as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos recover prod
A secret is never imported, because its value would be in the state.
Exit codes: 0 the state matches AWS; 1 it does not, and the last line says why.`,
    )
    .action(async (name: Recoverable, options: Options) => {
      const target = await openTarget(name, process.env);
      const next = `npx kairos recover ${name}`;
      const live = `AWS is unchanged, and the state of ${target.stack} may be incomplete`;
      const listener = listenerFor(options.yes === true);
      const recovery = await during({ live, next }, () =>
        recover(target, { deadLock: options.deadLock, listener }),
      );
      report(recovery, name, options.json === true);
    });
}

function listenerFor(yes: boolean): Listener {
  const agrees = async (message: string) => yes || (await isAgreed(message));
  return {
    onStep: tell,
    onLock: ({ holder }) => {
      tell(yellow(`removed the lock of ${holder}: that run is dead`));
    },
    agreesToRestore: async (damage, versions) => {
      tell(await versionsTable(versions, damage));
      tell(damageLines(damage).join('\n'));
      return agrees(`Restore serial ${damage.proposed.content.serial}? All versions stay in the history.`);
    },
    agreesToImport: async (found, plan) => {
      tell(await foundTable(found));
      tell(planLine(plan));
      return agrees(`Import ${found.length}?`);
    },
  };
}

async function isAgreed(message: string): Promise<boolean> {
  if (!isInteractive(process.env)) return false;
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false });
  return !isCancel(answer) && answer;
}

function versionsTable(versions: readonly StateVersion[], { proposed }: StateDamage): Promise<string> {
  return table(
    ['written', 'serial', 'lineage', 'resources', ''],
    versions
      .slice(0, 10)
      .map(({ version, written, content }) => [
        written.toISOString().slice(0, 19).replace('T', ' '),
        content === undefined ? 'unreadable' : String(content.serial),
        content?.lineage.slice(0, 8) ?? '-',
        content === undefined ? '-' : String(content.addresses.length),
        version === proposed.version ? green('proposed') : '',
      ]),
  );
}

function damageLines({ what, added, removed }: StateDamage): readonly string[] {
  return [
    `the state ${what}; the proposed version adds ${added.length} resources and removes ${removed.length}:`,
    ...added.map((address) => `  + ${address}`),
    ...removed.map((address) => `  - ${address}`),
  ];
}

function foundTable(found: readonly Candidate[]): Promise<string> {
  return table(
    ['is in AWS and in no state', 'as'],
    found.map(({ address, id }) => [address, id]),
  );
}

function planLine({ imported, corrected, created }: Adoption): string {
  const made = created.length === 0 ? '' : `, and creates what they need: ${created.join(', ')}`;
  return `Terraform imports ${imported.length} unchanged, corrects the settings of ${corrected.length}${made}`;
}

function report(recovery: Recovery, name: Recoverable, json: boolean): void {
  const { stack, state, found, imported, left } = recovery;
  const isOpen = (found.length > 0 && !imported) || state?.restored === false;
  if (json) printJson(recovery);
  else {
    if (state?.restored) print(green(`restored serial ${state.damage.proposed.content.serial} of ${stack}`));
    if (imported) print(green(`imported ${found.length} into ${stack}`));
    if (!isOpen && found.length === 0 && left.length === 0) print(`the state of ${stack} matches AWS`);
  }
  for (const { address, reason } of left) tell(yellow(`not imported: ${address}: ${reason}`));
  if (isOpen) tell(`nothing was changed; to do it: ${command(`npx kairos recover ${name} --yes`)}`);
  else tell(`next: ${command(`npx cdktf deploy ${stack}`)}`);
  if (isOpen || left.length > 0) process.exitCode = 1;
}
