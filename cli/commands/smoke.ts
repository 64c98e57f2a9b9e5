import { Command } from 'commander';
import type { EnvironmentName } from '../../config/names';
import { openEnvironment } from '../live/environment';
import type { CheckResult } from '../smoke/checks';
import { smoke, type SmokeResult } from '../smoke/smoke';
import { environmentArgument } from './arguments';
import { policyOption, printPolicy } from './policy-option';
import { command, green, print, printJson, red, tell } from '../terminal';

interface Options {
  readonly apiChanges?: true;
  readonly mongodb?: true;
  readonly policy?: true;
  readonly json?: true;
}

export function smokeCommand(): Command {
  return new Command('smoke')
    .addArgument(environmentArgument('<environment>'))
    .option('--api-changes', 'allow the API to lose paths since the last test that passed')
    .option('--mongodb', 'also test the database (GET /api/v1/mongodb)')
    .option(...policyOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos smoke prod --mongodb\nExit codes: 0 everything passed; 1 something failed.',
    )
    .action(async (name: EnvironmentName, { apiChanges, mongodb, policy, json }: Options) => {
      if (policy) {
        printPolicy('smoke', name);
        return;
      }
      const environment = await openEnvironment(name, process.env);
      const result = await smoke(environment, {
        apiChanges: apiChanges === true,
        database: mongodb === true,
      });
      if (json) printJson(result);
      else for (const line of smokeLines(result)) print(line);
      if (result.passed) return;
      process.exitCode = 1;
      tell(
        `next: ${command(`npx kairos logs ${name} --errors`)} says why, ${command(`npx kairos rollback ${name}`)} rolls back`,
      );
    });
}

/** @returns the result as text for a person. */
function smokeLines({ checks, version }: SmokeResult): readonly string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return [`version ${version}`, ...checks.map((result) => lineOf(result, width))];
}

function lineOf({ name, address, status, milliseconds, fault }: CheckResult, width: number): string {
  const line = `${name.padEnd(width)}  ${status ?? '---'}  ${String(milliseconds).padStart(5)} ms  ${address}`;
  return fault === undefined ? green(line) : `${red(line)}\n  ${fault}`;
}
