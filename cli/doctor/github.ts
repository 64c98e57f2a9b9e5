import { placeholderIn } from '../../config/github';
import type { Configuration, GitHubConfiguration } from '../../config/types';
import { type Check, ok, unknown, wrong, wrongBy } from './check';
import { UserError } from '../../errors';

/** The repository on GitHub. */
export interface RepositoryLook {
  readonly id: number;
  readonly ownerId: number;
  readonly isPrivate: boolean;
}

export interface IdsProps {
  readonly github: GitHubConfiguration;
  /** `owner/name`. */
  readonly repository: string;
  /** The repository's data. @default - not accessible */
  readonly look?: (repository: string) => Promise<RepositoryLook | undefined>;
}

/** The ids in the table. With the ids of another repository, the roles trust nobody, or the wrong repository. */
export function idsCheck({ github, repository, look }: IdsProps): Check {
  return {
    id: 'ids',
    title: 'ids of the repository',
    run: async () => {
      const placeholder = placeholderIn(github);
      if (placeholder !== undefined) return wrongBy(new UserError(placeholder));
      if (look === undefined) return ok(`${github.ownerId}, ${github.repositoryId}; not checked on GitHub`);
      const found = await look(repository);
      if (found === undefined) {
        return wrong(`this token cannot read a repository ${repository} on GitHub`, 'gh auth status');
      }
      if (found.ownerId === github.ownerId && found.id === github.repositoryId) {
        return ok(`those of ${repository}`);
      }
      return wrong(
        `${repository} has other ids than the table`,
        `github: { ownerId: ${found.ownerId}, repositoryId: ${found.id}, … } in config/environments.ts`,
      );
    },
  };
}

/** A GitHub environment: which jobs may use it, and who must approve. */
export interface EnvironmentLook {
  readonly name: string;
  /** Whether only some branches may use it. */
  readonly isBound: boolean;
  readonly hasReviewers: boolean;
}

export interface GitHubEnvironmentsProps {
  /** The environments that the workflows name. */
  readonly wanted: readonly string[];
  readonly list: () => Promise<readonly EnvironmentLook[]>;
}

export function gitHubEnvironmentsCheck({ wanted, list }: GitHubEnvironmentsProps): Check {
  return {
    id: 'environments',
    title: 'environments of GitHub',
    run: async () => {
      const found = new Map((await list()).map((each) => [each.name, each]));
      const faults = wanted.flatMap((name) => {
        const each = found.get(name);
        if (each === undefined) return `${name} is missing`;
        return each.isBound ? [] : `${name} allows every branch`;
      });
      if (faults.length > 0) {
        return wrong(faults.join(', '), 'docs/pipelines.md, step 5: each for the branch main alone');
      }
      const asks = found.get('prod')?.hasReviewers === true;
      return ok(`${wanted.join(', ')}; prod ${asks ? 'requires a reviewer' : 'requires no reviewer'}`);
    },
  };
}

export interface VariablesProps {
  readonly configuration: Pick<Configuration, 'accountId' | 'region'>;
  /** A variable of the repository; undefined if it is not set. */
  readonly read: (name: string) => Promise<string | undefined>;
}

/** The variables with the account, the region and the source, which the workflows need. */
export function variablesCheck({ configuration: { accountId, region }, read }: VariablesProps): Check {
  const wanted = [
    ['KAIROS_AWS_ACCOUNT_ID', accountId],
    ['KAIROS_AWS_REGION', region],
    ['KAIROS_BACKEND_REPOSITORY', undefined],
  ] as const;
  return {
    id: 'variables',
    title: 'variables of the repository',
    run: async () => {
      const looks = await Promise.all(
        wanted.map(async ([name, right]) => ({ name, right, value: await read(name) })),
      );
      const faulty = looks.filter(
        ({ right, value }) => value === undefined || (right !== undefined && right !== value),
      );
      if (faulty.length === 0) return ok(`${wanted.length}, as the table says`);
      return wrong(
        faulty
          .map(({ name, right, value }) =>
            value === undefined ? `${name} is not set` : `${name} is ${value}, the table says ${right ?? ''}`,
          )
          .join(', '),
        faulty.map(({ name, right = 'OWNER/NAME' }) => `gh variable set ${name} --body ${right}`).join('; '),
      );
    },
  };
}

export interface TokensProps {
  /** The backend's repository, `owner/name`. @default - no variable names it */
  readonly backend: () => Promise<string | undefined>;
  /** The clients' repository. @default - nobody is notified of a new API document */
  readonly clients: () => Promise<string | undefined>;
  readonly look: (repository: string) => Promise<RepositoryLook | undefined>;
  /** Whether a secret is set. Nobody can read its value. @param environment @default - a secret of the repository */
  readonly has: (secret: string, environment?: string) => Promise<boolean>;
}

/** The two tokens that GitHub may store, each only if it is needed. */
export function tokensCheck({ backend, clients, look, has }: TokensProps): Check {
  return {
    id: 'tokens',
    title: 'tokens',
    run: async () => {
      const [source, told] = await Promise.all([backend(), clients()]);
      if (source === undefined) {
        return unknown(
          'no variable names a repository of the backend',
          'gh variable set KAIROS_BACKEND_REPOSITORY',
        );
      }
      const [seen, reads, tells] = await Promise.all([
        look(source),
        has('KAIROS_BACKEND_TOKEN'),
        told === undefined ? true : has('KAIROS_CLIENT_TOKEN', 'prod'),
      ]);
      const isPublic = seen?.isPrivate === false;
      const missing = [
        ...(reads || isPublic ? [] : ['gh secret set KAIROS_BACKEND_TOKEN']),
        ...(tells ? [] : ['gh secret set KAIROS_CLIENT_TOKEN --env prod']),
      ];
      if (missing.length > 0) {
        return wrong(`not set: ${missing.map((line) => line.split(' ')[3]).join(', ')}`, missing.join('; '));
      }
      const reading = reads ? 'KAIROS_BACKEND_TOKEN reads' : 'anybody reads';
      return ok(`${reading} ${source}; ${told === undefined ? 'nobody is notified' : `${told} is notified`}`);
    },
  };
}

/** The newest run of a workflow. */
export interface RunLook {
  /** Undefined while it runs. */
  readonly conclusion?: string;
  /** The URL of its page. */
  readonly url: string;
}

export interface LastRunProps {
  readonly id: string;
  readonly title: string;
  readonly newest: () => Promise<RunLook | undefined>;
  /** What does not exist yet, and what to do about it. */
  readonly none: readonly [found: string, advice: string];
}

/** Whether the whole workflow works, according to its last run. */
export function lastRunCheck({ id, title, newest, none }: LastRunProps): Check {
  return {
    id,
    title,
    run: async () => {
      const run = await newest();
      if (run === undefined) return unknown(...none);
      if (run.conclusion === undefined) return unknown('the last run is in progress', run.url);
      return run.conclusion === 'success'
        ? ok('the last run succeeded')
        : wrong(`the last run: ${run.conclusion}`, run.url);
    },
  };
}
