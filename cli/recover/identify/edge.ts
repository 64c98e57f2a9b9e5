import { type Finder, type Identity, only } from './identity';

/** The resources of CloudFront and its firewall that have generated ids. */
export const edgeTypes: Readonly<Record<string, Finder>> = {
  aws_cloudfront_distribution: async (wanted) => {
    const { paginateListDistributions } = await import('@aws-sdk/client-cloudfront');
    const comment = await wanted.text('comment');
    const found: Identity[] = [];
    const client = await wanted.clients.cloudfront();
    for await (const { DistributionList } of paginateListDistributions({ client }, {})) {
      for (const { Id, ARN, Comment, DomainName } of DistributionList?.Items ?? []) {
        if (Id === undefined || ARN === undefined || DomainName === undefined) continue;
        if (Comment !== comment || wanted.isHeld(Id)) continue;
        found.push({ id: Id, attributes: { arn: ARN, domain_name: DomainName } });
      }
    }
    return only(found, `distributions with the comment ${comment}`);
  },
  aws_cloudfront_response_headers_policy: async (wanted) => {
    const { ListResponseHeadersPoliciesCommand } = await import('@aws-sdk/client-cloudfront');
    const name = await wanted.text('name');
    const client = await wanted.clients.cloudfront();
    const { ResponseHeadersPolicyList } = await client.send(
      new ListResponseHeadersPoliciesCommand({ Type: 'custom', MaxItems: 100 }),
    );
    const policies = (ResponseHeadersPolicyList?.Items ?? []).flatMap(
      ({ ResponseHeadersPolicy }) => ResponseHeadersPolicy ?? [],
    );
    const found = policies.find(
      ({ ResponseHeadersPolicyConfig }) => ResponseHeadersPolicyConfig?.Name === name,
    );
    return found?.Id === undefined ? undefined : { id: found.Id };
  },
  aws_route53_health_check: async (wanted) => {
    const { paginateListHealthChecks } = await import('@aws-sdk/client-route-53');
    const [host, path] = [await wanted.text('fqdn'), await wanted.text('resource_path')];
    const found: Identity[] = [];
    const client = await wanted.clients.route53();
    for await (const { HealthChecks = [] } of paginateListHealthChecks({ client }, {})) {
      for (const { Id, HealthCheckConfig: asked } of HealthChecks) {
        if (Id === undefined || wanted.isHeld(Id)) continue;
        if (asked?.FullyQualifiedDomainName === host && asked?.ResourcePath === path) found.push({ id: Id });
      }
    }
    return only(found, `health checks of ${host}${path}`);
  },
  aws_wafv2_ip_set: async (wanted) => {
    const { ListIPSetsCommand } = await import('@aws-sdk/client-wafv2');
    const client = await wanted.clients.waf();
    const { IPSets = [] } = await client.send(new ListIPSetsCommand({ Scope: 'CLOUDFRONT', Limit: 100 }));
    return namedInFirewall(IPSets, await wanted.text('name'));
  },
  aws_wafv2_web_acl: async (wanted) => {
    const { ListWebACLsCommand } = await import('@aws-sdk/client-wafv2');
    const client = await wanted.clients.waf();
    const { WebACLs = [] } = await client.send(new ListWebACLsCommand({ Scope: 'CLOUDFRONT', Limit: 100 }));
    return namedInFirewall(WebACLs, await wanted.text('name'));
  },
};

interface Summary {
  readonly Name?: string;
  readonly Id?: string;
  readonly ARN?: string;
}

/** A name is unique for each kind and scope. */
function namedInFirewall(summaries: readonly Summary[], name: string | undefined): Identity | undefined {
  const { Id, ARN } = summaries.find(({ Name }) => Name === name) ?? {};
  if (Id === undefined || ARN === undefined || name === undefined) return undefined;
  return { id: `${Id}/${name}/CLOUDFRONT`, attributes: { id: Id, arn: ARN } };
}
