import { DataAwsEcrImage } from '@cdktf/provider-aws/lib/data-aws-ecr-image';
import { Construct } from 'constructs';

export interface ImageReferenceProps {
  /** The ECR repository's name. */
  readonly repositoryName: string;
  /** The account of the repository, 12 digits. @default - the one of whoever looks */
  readonly registryId?: string;
  /** The image's digest: `sha256:<64 hex>`. */
  readonly digest: string;
}

/**
 * Looks an image up in each plan, so that one that the registry does not have stops the plan and not the apply.
 * The id of the data source is the digest: of an image that is not there the provider says no more than "couldn't
 * find resource", and Terraform prints the address beside it.
 */
export class ImageReference extends Construct {
  constructor(scope: Construct, id: string, { repositoryName, registryId, digest }: ImageReferenceProps) {
    super(scope, id);
    new DataAwsEcrImage(this, digest, { repositoryName, registryId, imageDigest: digest });
  }
}
