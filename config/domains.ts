import type { DomainConfiguration } from './edge';
import { type EnvironmentName, environmentNames } from './names';
import type { Configuration } from './types';

/** @returns the domain name of each environment that has one. */
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
