import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { rendered } from './rendered';
import { policyOf } from './reading';

const tags = ['project', 'environment', 'managed-by', 'repository'];

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging */
export const defaultTags = policyOf('default-tags', AwsProvider, (provider) =>
  tags.map((tag) =>
    rendered(provider, provider.defaultTagsInput).includes(`"${tag}":`)
      ? undefined
      : `the provider's resources would have no tag ${tag}, so bills and searches would not find them; add it to defaultTags`,
  ),
);
