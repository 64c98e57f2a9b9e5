import { DataAwsEcrImage } from '@cdktf/provider-aws/lib/data-aws-ecr-image';
import { Construct } from 'constructs';
import type { ImageSelection } from '../config/types';

export interface ImageReferenceProps {
  /** The ECR repository's name. */
  readonly repositoryName: string;
  /** Which of its images. */
  readonly image: ImageSelection;
}

/** An image as the registry has it: looked up in each plan, so that one that is not there stops the plan. */
export class ImageReference extends Construct {
  /** `<repository>@sha256:<64 hex>`. */
  readonly uri: string;
  /** `sha256:<64 hex>`. */
  readonly digest: string;

  constructor(scope: Construct, id: string, { repositoryName, image }: ImageReferenceProps) {
    super(scope, id);
    // Terraform prints this id beside "image not found", and nothing else of ours can stand there.
    const found = new DataAwsEcrImage(this, 'made-by-kairos-image-push', {
      repositoryName,
      imageTag: 'tag' in image ? image.tag : undefined,
      imageDigest: 'digest' in image ? image.digest : undefined,
    });
    if ('missing' in image) {
      found.mostRecent = true;
      found.lifecycle = { precondition: [refusal(image.missing)] };
    }
    this.uri = found.imageUri;
    this.digest = found.imageDigest;
  }
}

/**
 * Other stacks of the same synth must still deploy, so it is the plan of this one that stops. Terraform wants
 * a condition that refers to something; this one is never true.
 */
function refusal(errorMessage: string) {
  return { condition: '${terraform.workspace == ""}', errorMessage };
}
