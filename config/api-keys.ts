import type { ApiKeyName, EnvironmentName } from './names';
import type { Configuration, Environment } from './types';

/** @returns the API keys of each environment. */
export function apiKeyNamesIn({
  environments,
}: Configuration): Readonly<Record<EnvironmentName, readonly ApiKeyName[]>> {
  const namesIn = ({ edge }: Environment) => (edge === false ? [] : (edge.apiKeys?.names ?? []));
  const { dev, staging, prod } = environments;
  return { dev: namesIn(dev), staging: namesIn(staging), prod: namesIn(prod) };
}
