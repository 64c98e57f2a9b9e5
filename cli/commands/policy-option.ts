import type { EnvironmentName } from '../../config/names';
import { readConfiguration } from '../../config/read';
import { policyOf, type PolicyCommand } from '../rights';
import { printJson } from '../terminal';

/** The option with which a command prints the permissions that it needs. */
export const policyOption = ['--policy', 'print the policy of a role that may do only this'] as const;

/** Prints the permissions that a command needs in an environment. */
export function printPolicy(command: PolicyCommand, environment: EnvironmentName): void {
  printJson(policyOf(command, environment, readConfiguration(process.env)));
}
