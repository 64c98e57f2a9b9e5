import { DataAwsEcrImage } from '@cdktf/provider-aws/lib/data-aws-ecr-image';
import { Construct } from 'constructs';

export interface ImageReferenceProps {
  /** The ECR repository's name. */
  readonly repositoryName: string;
  /** The account of the repository, 12 digits. @default - the account of the caller */
  readonly registryId?: string;
  /** The image's digest: `sha256:<64 hex>`. */
  readonly digest: string;
}

/**
 * Looks up an image in each plan, so that a missing image stops the plan and not the apply. The id of the data source
 * is the digest. For a missing image the provider only says "couldn't find resource", and Terraform prints the address
 * next to it.
 */
export class ImageReference extends Construct {
  constructor(scope: Construct, id: string, { repositoryName, registryId, digest }: ImageReferenceProps) {
    super(scope, id);
    new DataAwsEcrImage(this, digest, { repositoryName, registryId, imageDigest: digest });
  }
}
