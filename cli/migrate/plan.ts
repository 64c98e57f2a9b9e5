import { foundationStackName, type SecretName } from '../../config/names';
import { adoptedIn, type Adopted } from './adopted';
import { type Contradiction, contradictionsOf } from './against';
import { changesOf } from './changes';
import type { Migration } from './live';
import type { StackResource } from './stack';

/** What happens to each part of an earlier stack, and what prevents the migration. */
export interface MigrationPlan {
  readonly from: string;
  readonly environment: string;
  /** The URL of the backend, before and after. */
  readonly endpoint: string;
  /** The database of the earlier function. @default - unknown */
  readonly database?: string;
  readonly adopted: readonly Adopted[];
  /** The addresses of the resources that the environment creates in addition. */
  readonly made: readonly string[];
  /** What CloudFormation keeps managing until the earlier stack is deleted. */
  readonly stays: readonly StackResource[];
  /** The resources of the template that must be retained when the stack is deleted, but are not yet. */
  readonly unretained: readonly string[];
  /** The names of the secrets that `kairos migrate secrets` finds. */
  readonly secrets: readonly SecretName[];
  readonly contradictions: readonly Contradiction[];
  readonly changes: readonly string[];
}

export function planOf(migration: Migration): MigrationPlan {
  const { stack, environment, api, declared } = migration;
  const adopted = adoptedIn(migration);
  const taken = new Set(adopted.map(({ to }) => to));
  const names = new Set(adopted.flatMap(({ resource }) => resource?.name ?? []));
  return {
    from: stack.name,
    environment: environment.name,
    endpoint: api.endpoint,
    database: migration.function.database,
    adopted,
    made: (declared[environment.names.stack] ?? [])
      .map(({ address }) => address)
      .filter((address) => !taken.has(address)),
    stays: stack.resources.filter(({ name }) => !names.has(name)),
    unretained: stack.resources
      .filter(({ name, retained }) => names.has(name) && !retained)
      .map(({ name }) => name),
    secrets: migration.function.secrets,
    contradictions: contradictionsOf(migration),
    changes: changesOf(migration),
  };
}

/** @returns the steps in order, each a sentence or a command. docs/migration.md says how to undo each of them. */
export function stepsOf(plan: MigrationPlan): readonly string[] {
  const { from, environment, adopted, unretained } = plan;
  const foundation = adopted.some(({ stack }) => stack === foundationStackName);
  return [
    'npx kairos bootstrap',
    `npx cdktf deploy ${foundationStackName}${foundation ? ', which imports the repository' : ''}`,
    `npx kairos migrate secrets ${from} ${environment}`,
    'npx kairos image push',
    ...(unretained.length === 0
      ? []
      : [
          `in the template, give ${unretained.join(', ')} "DeletionPolicy: Retain" and a "Metadata" entry, because CloudFormation does not accept a changed policy alone; aws cloudformation deploy`,
        ]),
    `npx cdktf deploy kairos-${environment} with that image in KAIROS_IMAGE_DIGEST and your own credentials, which imports the API; clients are served without interruption`,
    `remove what was imported from the folder imports; npx cdktf plan kairos-${environment} says "No changes"`,
    `aws cloudformation delete-stack --stack-name ${from}, when nobody wants to go back`,
    `the edge with its origin open; the lock, when every client calls the URL of the edge`,
  ];
}
