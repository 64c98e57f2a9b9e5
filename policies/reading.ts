import { TerraformResource, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Policy } from './policy';
import { rendered } from './rendered';

/** @returns a policy for the resources of one class. */
export function policyOf<Resource extends IConstruct>(
  name: string,
  type: new (...args: never[]) => Resource,
  faultsOf: (resource: Resource) => readonly (string | undefined)[],
): Policy {
  return {
    name,
    faultsOf: (construct) =>
      construct instanceof type ? faultsOf(construct).filter((fault) => fault !== undefined) : [],
  };
}

/** @returns the resources of one class in the stack of a construct. */
export function siblingsOf<Resource extends IConstruct>(
  construct: IConstruct,
  type: new (...args: never[]) => Resource,
): readonly Resource[] {
  return TerraformStack.of(construct)
    .node.findAll()
    .filter((other): other is Resource => other instanceof type);
}

/** @returns whether a configured value refers to a resource. */
export function refersTo(construct: IConstruct, value: unknown, resource: TerraformResource): boolean {
  const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  return new RegExp(`${address}(?![\\w-])`).test(rendered(construct, value));
}
