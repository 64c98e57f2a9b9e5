import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformResource, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Policy } from './policy';

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html */
export const cloudfrontScope: Policy = {
  name: 'cloudfront-scope',
  faultsOf: (construct) => {
    if (!isOfCloudfrontScope(construct)) {
      return [];
    }
    const region = regionOf(construct);
    return region === 'us-east-1'
      ? []
      : [
          `scope CLOUDFRONT exists only in us-east-1, and the region of this provider is ${region ?? 'no region'}; ` +
            'give it a provider with region us-east-1 and an alias',
        ];
  },
};

/** Web ACLs, rule groups and sets all have a scope. */
function isOfCloudfrontScope(construct: IConstruct): construct is TerraformResource {
  return (
    construct instanceof TerraformResource &&
    construct.terraformResourceType.startsWith('aws_wafv2_') &&
    'scopeInput' in construct &&
    construct.scopeInput === 'CLOUDFRONT'
  );
}

/** A resource without an explicit provider uses the provider of its stack that has no alias. */
function regionOf(resource: TerraformResource): string | undefined {
  const used =
    resource.provider ??
    TerraformStack.of(resource).node.children.find(
      (child) => child instanceof AwsProvider && child.alias === undefined,
    );
  return used instanceof AwsProvider ? used.regionInput : undefined;
}
