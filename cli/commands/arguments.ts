import { Argument } from 'commander';
import { environmentNames, parseEnvironmentName } from '../../config/names';

/** @returns the argument that names an environment; a shell completes it. @param name `<environment>`, for example. */
export function environmentArgument(name: string): Argument {
  return new Argument(name, environmentNames.join(', '))
    .choices(environmentNames)
    .argParser(parseEnvironmentName);
}
