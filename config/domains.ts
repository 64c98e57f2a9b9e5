import type { DomainConfiguration } from './edge';
import { type EnvironmentName, environmentNames } from './names';
import type { Configuration } from './types';

/** @returns of each environment the name that it answers to, where it has one of its own. */
export function domainsIn({
  environments,
}: Pick<Configuration, 'environments'>): Readonly<Partial<Record<EnvironmentName, DomainConfiguration>>> {
  return Object.fromEntries(
    environmentNames.flatMap((name) => {
      const { edge } = environments[name];
      const domain = edge === false ? undefined : edge.domain;
      return domain === undefined ? [] : [[name, domain]];
    }),
  );
}
