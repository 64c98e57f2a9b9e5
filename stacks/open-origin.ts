import { Annotations } from 'cdktf';
import type { IConstruct } from 'constructs';
import { openOriginMark } from '../config/names';

/** Reports that routes behind an edge have no authorizer because the table says so. @param name of the edge. */
export function openOnPurpose(routes: IConstruct, name: string): void {
  routes.node.addMetadata(openOriginMark, name);
  Annotations.of(routes).addWarning(
    `requests to the API of ${name} can bypass its firewall, because edge.origin is open: remove it from config/environments.ts when every client calls the edge`,
  );
}
