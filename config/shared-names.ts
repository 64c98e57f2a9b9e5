import { z } from 'zod';
import { type Fault, shown } from './fault';

type Environments = readonly (readonly [string, unknown])[];

const databaseSchema = z.object({ database: z.object({ name: z.string() }) });
const domainSchema = z.object({ edge: z.object({ domain: z.object({ name: z.string() }) }) });

/** @returns where two environments share a value that must be unique. */
export function sharedNames(environments: Environments): readonly Fault[] {
  return [
    // They would overwrite each other's users.
    ...repeated(environments, 'database.name', (environment) => {
      const { data } = databaseSchema.safeParse(environment);
      return data?.database.name;
    }),
    // CloudFront allows a name for one distribution only: CNAMEAlreadyExists.
    ...repeated(environments, 'edge.domain.name', (environment) => {
      const { data } = domainSchema.safeParse(environment);
      return data?.edge.domain.name;
    }),
  ];
}

function repeated(
  environments: Environments,
  path: string,
  nameIn: (environment: unknown) => string | undefined,
): readonly Fault[] {
  const owners = new Map<string, string>();
  return environments.flatMap(([environment, row]) => {
    const name = nameIn(row);
    if (name === undefined) return [];
    const owner = owners.get(name);
    if (owner === undefined) {
      owners.set(name, environment);
      return [];
    }
    return {
      path: `environments.${environment}.${path}`,
      found: shown(name),
      right: `a different name: ${owner} has this one already`,
    };
  });
}
