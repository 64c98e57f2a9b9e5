import { Command } from 'commander';
import { type EnvironmentName, environmentNames, parseEnvironmentName } from '../../config/names';
import { UserError } from '../../errors';
import { openEnvironment } from '../live/environment';
import { type EnvironmentStatus, statusOf } from '../status/environment-status';
import { policyOption, printPolicy } from './policy-option';
import { bold, command, green, print, printJson, red, tell, yellow } from '../terminal';

interface Options {
  readonly drift?: true;
  readonly policy?: true;
  readonly json?: true;
}

export function statusCommand(): Command {
  return new Command('status')
    .argument('[environment]', 'dev, staging or prod (default: all, side by side)', parseEnvironmentName)
    .option('--drift', 'compare everything, by a full plan that changes nothing')
    .option(...policyOption)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos status prod --drift\nExit codes: 0 it was read; 1 it could not be.',
    )
    .action(async (name: EnvironmentName | undefined, { drift, policy, json }: Options) => {
      if (policy) {
        if (name === undefined) throw new UserError('name the environment whose status the role may read');
        printPolicy('status', name);
        return;
      }
      const names = name === undefined ? environmentNames : [name];
      const environments = await Promise.all(names.map((each) => openEnvironment(each, process.env)));
      const statuses = await Promise.all(environments.map(statusOf));
      const { plannedChanges } = await import('../status/plan');
      const planned: (readonly string[] | undefined)[] = [];
      for (const environment of environments) {
        planned.push(drift === true ? await plannedChanges(environment) : undefined);
      }
      const shown = statuses.map((status, index) => ({ ...status, planned: planned[index] }));
      if (json) {
        printJson(name === undefined ? shown : shown[0]);
        return;
      }
      printTable(shown);
      for (const { environment, next } of shown) {
        if (next !== undefined) tell(`next in ${environment}: ${command(next)}`);
      }
    });
}

type Shown = EnvironmentStatus & { readonly planned?: readonly string[] };

const labelWidth = 9;

/** Columns side by side while they fit, one below the other where a value would be cut. */
function printTable(statuses: readonly Shown[]): void {
  for (const status of statuses) {
    print(bold(`kairos-${status.environment}`));
    for (const [label, value] of rowsOf(status)) print(`  ${label.padEnd(labelWidth)}  ${value}`);
  }
}

function rowsOf(status: Shown): readonly (readonly [string, string])[] {
  const { live, canary, url, alarms, unsetSecrets, lock, smoke, drift, planned } = status;
  if (live === undefined) return [['live', 'nothing was deployed yet'], ...problems(status)];
  const by = live.releasedBy === undefined ? '' : ` by ${live.releasedBy}`;
  return [
    ['live', green(`version ${live.version}, ${live.digest.slice(0, 19)}`)],
    ['backend', `${live.backend ?? 'unknown'}, commit ${live.commit?.slice(0, 12) ?? 'unknown'}`],
    ['released', `${moment(live.published)}${by}`],
    ['smoke', smokeWords(smoke)],
    ['url', url ?? '-'],
    ...(canary === undefined
      ? []
      : [
          [
            'canary',
            red(
              `version ${canary.version} gets ${Math.round(canary.share * 100)} % since ${moment(canary.since)}`,
            ),
          ] as const,
        ]),
    ...(lock === undefined
      ? []
      : [['lock', red(`held by ${lock.who} since ${moment(lock.since)}`)] as const]),
    ...alarms.map((alarm) => ['alarm', red(alarm)] as const),
    ...(unsetSecrets.length === 0 ? [] : [['unset', red(unsetSecrets.join(', '))] as const]),
    ...drift.map((line) => ['drift', yellow(line)] as const),
    ...(planned === undefined
      ? []
      : planned.length === 0
        ? [['plan', green('no changes')] as const]
        : planned.map((line) => ['plan', yellow(line)] as const)),
  ];
}

function problems({ lock, unsetSecrets }: Shown): readonly (readonly [string, string])[] {
  return [
    ...(lock === undefined
      ? []
      : [['lock', red(`held by ${lock.who} since ${moment(lock.since)}`)] as const]),
    ...(unsetSecrets.length === 0 ? [] : [['unset', red(unsetSecrets.join(', '))] as const]),
  ];
}

function smokeWords(smoke: Shown['smoke']): string {
  if (smoke === undefined) return yellow('not asked since it is live');
  return smoke.passed ? green(`passed ${moment(smoke.at)}`) : red(`failed ${moment(smoke.at)}`);
}

function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
