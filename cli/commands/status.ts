import { Command } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../config/names';
import { UserError } from '../../errors';
import { elsewhereWords, environmentsHere } from '../aws';
import { openEnvironment } from '../live/environment';
import { statusOf } from '../status/environment-status';
import { statusScreen } from '../status/screen';
import { policyOption, printPolicy } from './policy-option';
import { command, print, printJson, tell } from '../terminal';

interface Options {
  readonly drift?: true;
  readonly policy?: true;
  readonly json?: true;
}

export function statusCommand(): Command {
  return new Command('status')
    .argument('[environment]', 'dev, staging or prod (default: all, side by side)', parseEnvironmentName)
    .option('--drift', 'compare everything with a full plan, which changes nothing')
    .option(...policyOption)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos status prod --drift\nExit codes: 0 success; 1 it could not be read.',
    )
    .action(async (name: EnvironmentName | undefined, { drift, policy, json }: Options) => {
      if (policy) {
        if (name === undefined) throw new UserError('name the environment whose status the role may read');
        printPolicy('status', name);
        return;
      }
      const { here, elsewhere } =
        name === undefined ? await environmentsHere(process.env) : { here: [name], elsewhere: [] };
      const environments = await Promise.all(here.map((each) => openEnvironment(each, process.env)));
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
      for (const line of statusScreen(shown, process.stdout.columns)) print(line);
      for (const each of elsewhere) tell(elsewhereWords(each));
      for (const { environment, next } of shown) {
        if (next !== undefined) tell(`next in ${environment}: ${command(next)}`);
      }
    });
}
