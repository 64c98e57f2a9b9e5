import type { EnvironmentNames } from '../../config/names';

/** The logs of an environment, from the function to the edge. */
export const logSources = ['function', 'api', 'edge', 'waf'] as const;

export type LogSource = (typeof logSources)[number];

/** @returns whether a source belongs to the edge, which is optional. */
export function ofEdge(source: LogSource): boolean {
  return source === 'edge' || source === 'waf';
}

export interface LogGroup {
  readonly name: string;
  readonly region: string;
}

/** The region of the logs of CloudFront and its firewall. */
const edgeRegion = 'us-east-1';

/** @returns the log group of a source. */
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
