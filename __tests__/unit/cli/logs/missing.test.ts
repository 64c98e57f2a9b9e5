import { makeAgain, missingLogGroup } from '../../../../cli/logs/missing';
import { logGroupOf, type LogSource } from '../../../../cli/logs/sources';
import type { Shell } from '../../../../cli/process';
import { configuration } from '../../../../config/environments';
import { namesOf } from '../../../../config/names';

const edge = configuration.environments.prod.edge;

function told(source: LogSource, environment: { readonly edge: typeof edge }, shell: Shell = {}): string {
  const group = logGroupOf(source, namesOf('prod'), 'eu-west-2');
  return missingLogGroup({ name: 'prod', environment, source, group, shell });
}

describe('the message about a missing log group', () => {
  it.each([
    ['function', '/aws/lambda/kairos-prod in eu-west-2'],
    ['waf', 'aws-waf-logs-kairos-prod in us-east-1'],
  ] as const)('of %s names it, and the commands that create it', (source, group) => {
    expect(told(source, { edge })).toBe(
      `kairos-prod has no log group ${group}; next: npx cdktf deploy kairos-prod, or if it was never deployed: npx kairos release prod`,
    );
  });

  it.each(['edge', 'waf'] as const)('of %s says that the table has no edge, if it has none', (source) => {
    expect(told(source, { edge: false })).toMatch(
      / in us-east-1: environments\.prod\.edge in config\/environments\.ts is false$/,
    );
  });

  it('of the API is the same with and without an edge', () => {
    expect(told('api', { edge: false })).toBe(told('api', { edge }));
  });

  it('names one command in a local cloud', () => {
    expect(makeAgain('prod', { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toBe(
      'next: npx kairos local up prod',
    );
  });
});
