import { Argument } from 'commander';
import { environmentNames, parseEnvironmentName } from '../../config/names';

/** @returns the argument for an environment. Shell completion completes it. @param name for example `<environment>`. */
export function environmentArgument(name: string): Argument {
  return new Argument(name, environmentNames.join(', '))
    .choices(environmentNames)
    .argParser(parseEnvironmentName);
}
