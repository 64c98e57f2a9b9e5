import {
  CloudFrontClient,
  ListDistributionsCommand,
  ListFunctionsCommand,
  ListResponseHeadersPoliciesCommand,
} from '@aws-sdk/client-cloudfront';
import { ListHealthChecksCommand, Route53Client } from '@aws-sdk/client-route-53';
import { ListIPSetsCommand, ListWebACLsCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import type { Look } from '../kills/look';

/** The edge resources in the account, a line for each, without generated ids. */
export async function edgeCensus(clientOptions: Look['clientOptions']): Promise<readonly string[]> {
  const cloudfront = new CloudFrontClient(clientOptions);
  const waf = new WAFV2Client(clientOptions);
  const route53 = new Route53Client(clientOptions);
  const [distributions, functions, policies, acls, sets, checks] = await Promise.all([
    cloudfront.send(new ListDistributionsCommand({})),
    cloudfront.send(new ListFunctionsCommand({})),
    cloudfront.send(new ListResponseHeadersPoliciesCommand({ Type: 'custom' })),
    waf.send(new ListWebACLsCommand({ Scope: 'CLOUDFRONT', Limit: 100 })),
    waf.send(new ListIPSetsCommand({ Scope: 'CLOUDFRONT', Limit: 100 })),
    route53.send(new ListHealthChecksCommand({})),
  ]);
  return [
    ...(distributions.DistributionList?.Items ?? []).map(({ Comment }) => `distribution ${Comment}`),
    ...(functions.FunctionList?.Items ?? []).map(({ Name }) => `function of the edge ${Name}`),
    ...(policies.ResponseHeadersPolicyList?.Items ?? []).map(
      ({ ResponseHeadersPolicy }) =>
        `headers policy ${ResponseHeadersPolicy?.ResponseHeadersPolicyConfig?.Name}`,
    ),
    ...(acls.WebACLs ?? []).map(({ Name }) => `web ACL ${Name}`),
    ...(sets.IPSets ?? []).map(({ Name }) => `IP set ${Name}`),
    ...(checks.HealthChecks ?? []).map(
      ({ HealthCheckConfig: config }) =>
        `health check of ${config?.ResourcePath} in ${config?.Regions?.join(', ') ?? 'all regions'}`,
    ),
  ];
}
