import { foundationStackName } from '../../config/names';
import type { Import } from '../../config/imports';
import type { Declared } from './declared';
import type { Migration } from './live';
import type { StackResource } from './stack';

/** An existing resource that Terraform will manage. */
export interface Adopted extends Import {
  /** The stack that imports it. */
  readonly stack: string;
  /** As text: "the API kairos-backend". */
  readonly what: string;
  /** Its resource in the earlier stack. @default - CloudFormation does not manage it */
  readonly resource?: StackResource;
}

/** @returns the id of the service. The tool that created the resource may have prefixed it with the API's id. */
function idOf(physical: string): string | undefined {
  return physical.split('/').at(-1);
}

/** @returns what is imported: the resources through which clients call the backend, and the images. */
export function adoptedIn(migration: Migration): readonly Adopted[] {
  const { api, repository, stack, environment, declared } = migration;
  const own = environment.names.stack;
  const found: Adopted[] = [];
  const add = (
    at: string,
    is: (each: Declared) => boolean,
    live: { readonly id: string; readonly what: string; readonly physical?: string },
  ) => {
    const target = (declared[at] ?? []).find(is);
    if (target === undefined) return;
    const resource = stack.resources.find(
      ({ id, type }) => idOf(id) === live.physical && type.startsWith('AWS::ApiGatewayV2::'),
    );
    found.push({ stack: at, to: target.address, id: live.id, what: live.what, resource });
  };
  add(own, ({ type }) => type === 'aws_apigatewayv2_api', {
    id: api.id,
    what: `the API ${api.name}, with its address ${api.endpoint}`,
    physical: api.id,
  });
  for (const { name } of api.stages) {
    add(own, ({ type, body }) => type === 'aws_apigatewayv2_stage' && body.name === name, {
      id: `${api.id}/${name}`,
      what: `its stage ${name}`,
      physical: name,
    });
  }
  for (const { id, key } of api.routes) {
    add(own, ({ type, body }) => type === 'aws_apigatewayv2_route' && body.route_key === key, {
      id: `${api.id}/${id}`,
      what: `its route ${key}`,
      physical: id,
    });
  }
  if (repository !== undefined) {
    add(foundationStackName, ({ type }) => type === 'aws_ecr_repository', {
      id: repository.name,
      what: `the repository ${repository.name} with its images`,
    });
  }
  return found;
}
