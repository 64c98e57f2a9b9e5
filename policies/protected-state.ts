import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { Policy } from './policy';

/** The types of resources whose content cannot be created again. */
const kept = [S3Bucket, EcrRepository, KmsKey];

/** https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy */
export const protectedState: Policy = {
  name: 'protected-state',
  faultsOf: (construct) =>
    kept.some((type) => construct instanceof type) && !isProtected(construct)
      ? ['a plan could destroy data that cannot be restored; set lifecycle.preventDestroy']
      : [],
};

function isProtected(construct: unknown): boolean {
  return kept.some((type) => construct instanceof type && construct.lifecycle?.preventDestroy === true);
}
