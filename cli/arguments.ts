import { type EnvironmentName, parseEnvironmentName } from '../config/names';
import { messageOf, UserError } from './errors';

/** @returns an argument as the name of an environment. @throws UserError with the known ones. */
export function toEnvironment(text: string): EnvironmentName {
  try {
    return parseEnvironmentName(text);
  } catch (error) {
    throw new UserError(messageOf(error));
  }
}
