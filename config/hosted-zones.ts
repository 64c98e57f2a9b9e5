import { type EnvironmentName, environmentNames } from './names';
import type { Configuration } from './types';

/** @returns of each environment the id of the hosted zone of its name, where the table knows it. */
export function hostedZoneIdsIn({
  environments,
}: Pick<Configuration, 'environments'>): Readonly<Partial<Record<EnvironmentName, string>>> {
  return Object.fromEntries(
    environmentNames.flatMap((name) => {
      const { edge } = environments[name];
      const id = edge === false ? undefined : edge.domain?.zoneId;
      return id === undefined ? [] : [[name, id]];
    }),
  );
}
