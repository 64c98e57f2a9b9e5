import { adoptedIn } from './adopted';
import type { Migration } from './live';

/** Something that must be resolved before the import. */
export interface Contradiction {
  /** As a clause: what differs between there and here. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
}

type Finder = (migration: Migration) => Contradiction | false;

const finders: readonly Finder[] = [
  ({ stack }) =>
    !/(?<!DELETE_)COMPLETE$/.test(stack.status) && {
      what: `the stack ${stack.name} is ${stack.status}`,
      remedy:
        'it must be in a complete state first: aws cloudformation describe-stack-events shows why it is not',
    },
  ({ environment: { configuration, name } }) => {
    const { edge } = configuration.environments[name];
    return (
      edge !== false &&
      edge.origin !== 'open' && {
        what: `environments.${name}.edge locks the API: clients that know its address would get 401`,
        remedy: `set its origin to 'open' in config/environments.ts, or the edge to false, until every client calls the URL of the edge; the lock is the last step`,
      }
    );
  },
  ({ environment: { configuration, name }, function: { database } }) => {
    const own = configuration.environments[name].database.name;
    return (
      database !== own && {
        what: `the function uses ${database === undefined ? 'an unknown database' : `the database ${database}`}, and environments.${name}.database.name is ${own}: clients would find no data`,
        remedy: `set environments.${name}.database.name to ${database === undefined ? 'the right one' : `'${database}'`} in config/environments.ts`,
      }
    );
  },
  ({ environment: { names }, function: { name } }) =>
    name === names.function && {
      what: `the function has the name ${name}, like the one to be created`,
      remedy:
        'a function cannot be renamed: use another environment, or deploy the template with another name',
    },
  ({ repository, function: { name, repository: own } }) =>
    repository !== undefined &&
    own === repository.name &&
    !name.startsWith('kairos-') && {
      what: `the policy of the repository lets functions called kairos-… pull, and this one is called ${name}`,
      remedy: 'keep its images in a repository of another name, or deploy the template as kairos-…',
    },
  ({ repository }) =>
    repository !== undefined &&
    repository.encryption !== 'AES256' && {
      what: `the repository ${repository.name} is encrypted by ${repository.encryption}, which no repository can change: Terraform would replace it, and its images would be lost`,
      remedy:
        'give image.repository another name in config/environments.ts, so that an additional one is created',
    },
  ({ api }) =>
    !api.isOpen && {
      what: `the address ${api.endpoint} of the API is disabled, and would be enabled`,
      remedy: 'let clients use a domain of the edge, because there is no address to keep',
    },
  ({ api }) =>
    !api.stages.some(({ name }) => name === '$default') && {
      what: 'the API has no stage $default, so the name of a stage is part of every address',
      remedy: 'deploy kairos in addition to it, because that address cannot be kept',
    },
  (migration) => {
    const taken = new Set(adoptedIn(migration).map(({ id }) => id));
    const guarded = migration.api.routes.filter(
      ({ id, authorization }) => taken.has(`${migration.api.id}/${id}`) && authorization !== 'NONE',
    );
    return (
      guarded.length > 0 && {
        what: `these routes have an authorizer, and would have none: ${guarded.map(({ key }) => key).join(', ')}`,
        remedy: 'let the backend check what the authorizer checks, and remove the authorizer',
      }
    );
  },
  ({ ownEndpoint, api, environment: { names, name } }) =>
    ownEndpoint !== undefined &&
    ownEndpoint !== api.endpoint && {
      what: `the state of ${names.stack} contains another API, ${ownEndpoint}: Terraform would keep that one`,
      remedy: `use another environment, or destroy that one first if nothing uses it: npx cdktf destroy kairos-${name}`,
    },
];

/** @returns everything that prevents the migration. */
export function contradictionsOf(migration: Migration): readonly Contradiction[] {
  return finders.map((find) => find(migration)).filter((found) => found !== false);
}
