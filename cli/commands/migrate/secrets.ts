import { Command, Option } from 'commander';
import { type EnvironmentName, foundationOf } from '../../../config/names';
import { readConfiguration } from '../../../config/read';
import { rememberCalls } from '../../aws-calls';
import { openFunction } from '../../migrate/live';
import { migrationPolicy } from '../../migrate/rights';
import { migrateSecrets } from '../../migrate/secrets';
import { command, print, printJson, tell } from '../../terminal';
import { environmentArgument } from '../arguments';
import { policyOption } from '../policy-option';

interface Options {
  readonly function?: string;
  readonly overwrite?: true;
  readonly raw?: true;
  readonly policy?: true;
  readonly json?: true;
}

export function secretsCommand(): Command {
  return new Command('secrets')
    .argument('<cloudformation-stack>', 'the name of the live stack')
    .addArgument(environmentArgument('<environment>'))
    .option('--function <name>', "the backend's name in the template, if there are several functions")
    .option('--overwrite', 'also overwrite secrets that are already set')
    .addOption(new Option('--raw', 'the MongoDB user and password are not percent-encoded there'))
    .option(...policyOption)
    .option('--json', 'print the names as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos migrate secrets kairos-backend prod
No value is printed or written to a file. The earlier function inserted its MongoDB user and password into a URI
unchanged, so they must be percent-encoded there, unless --raw says that they are not.
Exit codes: 0 they are in SSM; 1 they are not, and the last line says why.`,
    )
    .action(async (stack: string, environment: EnvironmentName, options: Options) => {
      if (options.policy) {
        printJson(migrationPolicy(stack, environment, readConfiguration(process.env)).secrets);
        return;
      }
      const opened = await openFunction({
        stack,
        environment,
        function: options.function,
        shell: process.env,
      });
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      const ssm = new SSMClient(opened.environment.clientOptions);
      ssm.middlewareStack.add(rememberCalls, { step: 'initialize' });
      const { written, missing } = await migrateSecrets({
        ssm,
        environment,
        foundation: foundationOf(opened.environment.separate?.name),
        again: commandAgain(stack, environment, options),
        variables: opened.configured.variables,
        encoding: options.raw ? 'raw' : 'encoded',
        overwrite: options.overwrite === true,
      });
      if (options.json) printJson({ from: stack, environment, written, missing });
      else for (const { name, version } of written) print(`${name} set, version ${version}`);
      if (missing.length > 0)
        tell(
          `${opened.name} has no ${missing.join(', ')}; next: ${command(`npx kairos secrets set ${environment} ${missing.join(' ')}`)}`,
        );
    });
}

/** Parameters that were written before a call failed are set. */
function commandAgain(stack: string, environment: EnvironmentName, options: Options): string {
  const named = options.function === undefined ? '' : ` --function ${options.function}`;
  return `npx kairos migrate secrets ${stack} ${environment} --overwrite${named}${options.raw ? ' --raw' : ''}`;
}
