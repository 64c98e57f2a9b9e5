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
      remedy: 'bring it to rest first: aws cloudformation describe-stack-events tells why it is not',
    },
  ({ environment: { configuration, name } }) => {
    const { edge } = configuration.environments[name];
    return (
      edge !== false &&
      edge.origin !== 'open' && {
        what: `environments.${name}.edge locks the API: clients that know its address would get 401`,
        remedy: `set its origin to 'open' in config/environments.ts, or the edge to false, until every client calls the name of the edge; the lock is the last step`,
      }
    );
  },
  ({ environment: { configuration, name }, function: { database } }) => {
    const own = configuration.environments[name].database.name;
    return (
      database !== own && {
        what: `the function works in ${database === undefined ? 'a database that it does not name' : `the database ${database}`}, and environments.${name}.database.name is ${own}: clients would find no data`,
        remedy: `set environments.${name}.database.name to ${database === undefined ? 'the right one' : `'${database}'`} in config/environments.ts`,
      }
    );
  },
  ({ environment: { names }, function: { name } }) =>
    name === names.function && {
      what: `the function is called ${name}, as the one to be made`,
      remedy: 'a function is not renamed: take another environment, or deploy the template by another name',
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
      what: `the repository ${repository.name} is encrypted by ${repository.encryption}, which no repository can change: Terraform would make it again, and its images would be gone`,
      remedy: 'give image.repository another name in config/environments.ts: it is then made beside it',
    },
  ({ api }) =>
    !api.isOpen && {
      what: `the API does not answer at ${api.endpoint}, and would from then on`,
      remedy: 'let clients use a domain of the edge: there is no address to take over',
    },
  ({ api }) =>
    !api.stages.some(({ name }) => name === '$default') && {
      what: 'the API has no stage $default, so the name of a stage is part of every address',
      remedy: 'make kairos beside it: that address cannot be taken over',
    },
  (migration) => {
    const taken = new Set(adoptedIn(migration).map(({ id }) => id));
    const guarded = migration.api.routes.filter(
      ({ id, authorization }) => taken.has(`${migration.api.id}/${id}`) && authorization !== 'NONE',
    );
    return (
      guarded.length > 0 && {
        what: `these routes ask an authorizer, and would not any more: ${guarded.map(({ key }) => key).join(', ')}`,
        remedy: 'let the backend ask for what the authorizer asked for, and take the authorizer off',
      }
    );
  },
  ({ ownEndpoint, api, environment: { names, name } }) =>
    ownEndpoint !== undefined &&
    ownEndpoint !== api.endpoint && {
      what: `the state of ${names.stack} holds an API of its own, ${ownEndpoint}: Terraform would keep that one`,
      remedy: `take another environment, or destroy that one first if nothing uses it: npx cdktf destroy kairos-${name}`,
    },
];

/** @returns everything that prevents the migration. */
export function contradictionsOf(migration: Migration): readonly Contradiction[] {
  return finders.map((find) => find(migration)).filter((found) => found !== false);
}
