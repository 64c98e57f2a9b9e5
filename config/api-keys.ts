import { type ApiKeyName, type EnvironmentName, environmentNames } from './names';
import type { Configuration } from './types';

/** @returns the API keys of each environment that has any. */
export function apiKeyNamesIn({
  environments,
}: Pick<Configuration, 'environments'>): Readonly<Partial<Record<EnvironmentName, readonly ApiKeyName[]>>> {
  return Object.fromEntries(
    environmentNames.flatMap((name) => {
      const { edge } = environments[name];
      const names = edge === false ? undefined : edge.apiKeys?.names;
      return names === undefined ? [] : [[name, names]];
    }),
  );
}
