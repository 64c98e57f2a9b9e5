import type { EnvironmentNames } from '../../config/names';

/** What an environment logs, from the inside to the outside. */
export const logSources = ['function', 'api', 'edge', 'waf'] as const;

export type LogSource = (typeof logSources)[number];

/** @returns whether a source is of the edge, which an environment need not have. */
export function ofEdge(source: LogSource): boolean {
  return source === 'edge' || source === 'waf';
}

export interface LogGroup {
  readonly name: string;
  readonly region: string;
}

/** CloudFront and its firewall log there, wherever the rest is. */
const edgeRegion = 'us-east-1';

/** @returns where a source logs to. */
export function logGroupOf(source: LogSource, names: EnvironmentNames, region: string): LogGroup {
  switch (source) {
    case 'function':
      return { name: names.functionLogGroup, region };
    case 'api':
      return { name: names.apiLogGroup, region };
    case 'edge':
      return { name: names.edgeLogGroup, region: edgeRegion };
    case 'waf':
      return { name: `aws-waf-logs-${names.edge}`, region: edgeRegion };
  }
}
