import { localRegistry } from '../../aws/ecr';
import { type EnvironmentName, namesOf } from '../../config/names';
import type { Environment } from '../../config/types';
import type { Shell } from '../process';
import { type LogGroup, type LogSource, ofEdge } from './sources';

export interface MissingProps {
  readonly name: EnvironmentName;
  /** Its row of the table. */
  readonly environment: Pick<Environment, 'edge'>;
  readonly source: LogSource;
  readonly group: LogGroup;
  /** The environment variables of the caller. */
  readonly shell: Shell;
}

/** @returns the message if the log group of a source is missing, and what to type. */
export function missingLogGroup({ name, environment, source, group, shell }: MissingProps): string {
  const missing = `${namesOf(name).stack} has no log group ${group.name} in ${group.region}`;
  if (ofEdge(source) && environment.edge === false)
    return `${missing}: environments.${name}.edge in config/environments.ts is false`;
  return `${missing}; ${makeAgain(name, shell)}`;
}

/** @returns what to type if something that a deploy creates is missing, whether it was deleted or never created. */
export function makeAgain(name: EnvironmentName, shell: Shell): string {
  if (localRegistry(shell.AWS_ENDPOINT_URL) !== undefined) return `next: npx kairos local up ${name}`;
  return `next: npx cdktf deploy ${namesOf(name).stack}, or if it was never deployed: npx kairos release ${name}`;
}
