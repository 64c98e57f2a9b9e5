import { DataAwsEcrImage } from '@cdktf/provider-aws/lib/data-aws-ecr-image';
import { Annotations } from 'cdktf';
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
    const found = new DataAwsEcrImage(this, identityOf(image), {
      repositoryName,
      imageTag: 'tag' in image ? image.tag : undefined,
      imageDigest: 'digest' in image ? image.digest : undefined,
    });
    if ('missing' in image) {
      found.mostRecent = true;
      found.lifecycle = { precondition: [refusal(image.missing)] };
    } else {
      Annotations.of(this).addInfo(
        `runs ${identityOf(image)}; when ECR has no such image: npx kairos image push`,
      );
    }
    this.uri = found.imageUri;
    this.digest = found.imageDigest;
  }
}

/**
 * The id of the data source. The provider says of an image that is not there no more than "couldn't find
 * resource"; this stands beside it.
 */
function identityOf(image: ImageSelection): string {
  if ('tag' in image) return image.tag;
  return 'digest' in image ? image.digest : 'unknown';
}

/**
 * Other stacks of the same synth must still deploy, so it is the plan of this one that stops. Terraform wants
 * a condition that refers to something; this one is never true.
 */
function refusal(errorMessage: string) {
  return { condition: '${terraform.workspace == ""}', errorMessage };
}
