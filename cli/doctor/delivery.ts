import { githubIssuer } from '../../aws/iam';
import { neighboursOf } from '../../config/account';
import { environmentNames, foundationNames, foundationOf, namesOf } from '../../config/names';
import type { Configuration, GitHubConfiguration } from '../../config/types';
import type { Account } from '../aws';
import type { Shell } from '../process';
import { type Check, unknown } from './check';
import { gitHubEnvironmentsCheck, idsCheck, lastRunCheck, tokensCheck, variablesCheck } from './github';
import { GitHubReadings } from './github-readings';
import { providerCheck, rolesCheck } from './identity';
import type { Readings } from './readings';

/** What the account trusts on GitHub. */
export function identityChecks(
  github: GitHubConfiguration,
  { configuration, separate }: Pick<Account, 'configuration' | 'separate'>,
  readings: Readings,
): readonly Check[] {
  const stack = foundationOf(separate?.name);
  const owners = [foundationNames, ...neighboursOf(configuration, separate?.name).map(namesOf)];
  return [
    providerCheck({
      origin: github.provider,
      stack,
      isThere: () => readings.hasIdentityProvider(githubIssuer),
      hasState: () => readings.hasFoundationState(),
    }),
    rolesCheck({
      roles: owners.flatMap(({ planRole, deployRole }) => [planRole, deployRole]),
      stack,
      repositoryId: github.repositoryId,
      trustOf: (role) => readings.trustOf(role),
    }),
  ];
}

/** What the workflows need on GitHub. Without a token only the table can be checked. */
export function gitHubChecks(
  github: GitHubConfiguration,
  configuration: Configuration,
  shell: Shell,
): readonly Check[] {
  const [, ...path] = configuration.repository.split('/');
  const repository = path.join('/');
  const readings = GitHubReadings.of(shell, repository);
  const look = readings && ((name: string) => readings.repository(name));
  const ids = idsCheck({ github, repository, look });
  if (readings === undefined || look === undefined) return [ids, withoutToken];
  return [
    ids,
    gitHubEnvironmentsCheck({
      wanted: ['foundation', ...environmentNames],
      list: () => readings.environments(),
    }),
    variablesCheck({ configuration, read: (name) => readings.variable(name) }),
    tokensCheck({
      backend: () => readings.variable('KAIROS_BACKEND_REPOSITORY'),
      clients: () => readings.variable('KAIROS_CLIENT_REPOSITORY'),
      look,
      has: (secret, environment) => readings.hasSecret(secret, environment),
    }),
    lastRunCheck({
      id: 'dispatches',
      title: 'deploys of the backend',
      newest: () => readings.newestRun('deploy.yml', 'repository_dispatch'),
      none: ['no push there has started one yet', 'docs/pipelines.md, step 9, then push there'],
    }),
    lastRunCheck({
      id: 'plans',
      title: 'plans of pull requests',
      newest: () => readings.newestRun('plan.yml', 'pull_request'),
      none: ['none was made yet', 'docs/pipelines.md, step 10'],
    }),
  ];
}

const withoutToken: Check = {
  id: 'github',
  title: 'its settings and runs',
  run: () =>
    Promise.resolve(unknown('no GH_TOKEN in the shell', 'GH_TOKEN=$(gh auth token) npx kairos doctor')),
};
