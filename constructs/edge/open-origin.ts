import { Annotations } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Whether the API behind an edge admits CloudFront alone, or also whoever knows its own address. */
export type OriginState = 'locked' | 'open';

const mark = 'kairos:open-origin';

/** Says that routes behind an edge ask no authorizer because somebody wants it so. @param name of the edge. */
export function openOnPurpose(routes: IConstruct, name: string): void {
  routes.node.addMetadata(mark, name);
  Annotations.of(routes).addWarning(
    `the API of ${name} answers past its firewall, for edge.origin is open: take that out of config/environments.ts once every client calls the edge`,
  );
}

/** @returns whether a construct, or one around it, is open on purpose. */
export function isOpenOnPurpose({ node }: IConstruct): boolean {
  return node.scopes.some((scope) => scope.node.metadata.some(({ type }) => type === mark));
}
