import type { GitHubConfiguration } from '../../config/types';
import { type Check, ok, unknown, wrong } from './check';

export interface ProviderProps {
  /** The value in the table. */
  readonly origin: GitHubConfiguration['provider'];
  /** The stack that creates it. */
  readonly stack: string;
  readonly isThere: () => Promise<boolean>;
  /** Whether the stack was ever applied. */
  readonly hasState: () => Promise<boolean>;
}

/**
 * GitHub as an identity provider. An account can have only one, so the table and the account must agree on who creates
 * it.
 */
export function providerCheck({ origin, stack, isThere, hasState }: ProviderProps): Check {
  return {
    id: 'identity-provider',
    title: 'GitHub as identity provider',
    run: async () => {
      const [there, applied] = await Promise.all([isThere(), hasState()]);
      if (origin === 'take-over') {
        return there
          ? ok('exists, but was not created by this project')
          : wrong(
              'the table takes over a provider that does not exist',
              "provider: 'make' in the row github of config/environments.ts",
            );
      }
      if (there && applied) return ok('there');
      if (there) {
        return wrong(
          'exists already, and AWS refuses a second one',
          "provider: 'take-over' in the row github of config/environments.ts",
        );
      }
      return applied
        ? wrong('not there', `npx cdktf deploy ${stack}`)
        : unknown(`${stack} makes it`, `npx cdktf deploy ${stack}`);
    },
  };
}

export interface RolesProps {
  /** The names of the pipelines' roles. */
  readonly roles: readonly string[];
  /** The stack that creates them. */
  readonly stack: string;
  /** The id of the repository whose jobs they trust. */
  readonly repositoryId: number;
  /** The trust policy of a role as JSON; undefined if there is no such role. */
  readonly trustOf: (role: string) => Promise<string | undefined>;
}

/** The roles that GitHub jobs assume, and whether they trust the jobs of the repository in the table. */
export function rolesCheck({ roles, stack, repositoryId, trustOf }: RolesProps): Check {
  return {
    id: 'roles',
    title: 'roles of the pipelines',
    run: async () => {
      const looks = await Promise.all(roles.map(async (role) => ({ role, trust: await trustOf(role) })));
      const missing = looks.filter(({ trust }) => trust === undefined).map(({ role }) => role);
      if (missing.length > 0) return wrong(`no role ${missing.join(', ')}`, `npx cdktf deploy ${stack}`);
      const strange = looks
        .filter(({ trust = '' }) => !trust.includes(JSON.stringify(String(repositoryId))))
        .map(({ role }) => role);
      if (strange.length === 0) return ok(`${roles.length}, for the repository of the table`);
      return wrong(`another repository is trusted by ${strange.join(', ')}`, `npx cdktf deploy ${stack}`);
    },
  };
}
