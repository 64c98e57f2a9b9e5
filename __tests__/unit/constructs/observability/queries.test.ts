import { backendQueries, edgeQueries, Queries } from '../../../../constructs/observability/queries';
import { Template } from '../../../support/template';

const all = [
  ...backendQueries({ function: '/aws/lambda/kairos-prod', api: '/aws/vendedlogs/apigateway/kairos-prod' }),
  ...edgeQueries({ access: '/aws/vendedlogs/cloudfront/kairos-prod', firewall: 'aws-waf-logs-kairos-prod' }),
];

describe('the saved queries', () => {
  it('are in the folder of their environment, with different names', () => {
    const template = Template.from((stack) => {
      new Queries(stack, 'Queries', { folder: 'kairos-prod', queries: all });
    });
    const names = Object.values(template.resources('aws_cloudwatch_query_definition')).map(
      ({ name }) => name,
    );
    expect(names.sort()).toEqual(all.map(({ name }) => `kairos-prod/${name}`).sort());
    expect(new Set(names).size).toBe(6);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
  const commands = /^(fields|filter|stats|sort|limit|parse|display|dedup) /;

  it.each(all)('$name reads a log, uses commands of Insights, and has a limit', ({ text, logGroupNames }) => {
    expect(logGroupNames.length).toBeGreaterThan(0);
    const lines = text.split('\n');
    expect(lines.map((line) => line.replace(/^\| /, '')).filter((line) => !commands.test(line))).toEqual([]);
    expect(lines.slice(1).filter((line) => !line.startsWith('| '))).toEqual([]);
    expect(text).toMatch(/\| (limit \d+$|stats .* by bin\()/);
  });

  it.each(['one-request', 'one-request-at-the-edge'])(
    '%s has a placeholder for the id of a request',
    (name) => {
      expect(all.find((query) => query.name === name)?.text).toContain('like "REQUEST_ID"');
    },
  );
});
