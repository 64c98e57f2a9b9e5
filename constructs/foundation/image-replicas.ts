import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { EcrRegistryPolicy } from '@cdktf/provider-aws/lib/ecr-registry-policy';
import { Construct } from 'constructs';

export interface ImageReplicasProps {
  /** The name of the repository, here and in the source account. */
  readonly imageRepository: string;
  /** The account of this registry, 12 digits. */
  readonly accountId: string;
  /** The region of this registry. */
  readonly region: string;
  /** The account whose ECR copies images into this registry, 12 digits. */
  readonly sourceAccountId: string;
}

/**
 * Lets ECR copy images of another account into a repository of this one. Not `ecr:CreateRepository`: a repository that
 * ECR creates would have none of the settings of this project.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
 */
export class ImageReplicas extends Construct {
  constructor(scope: Construct, id: string, props: ImageReplicasProps) {
    super(scope, id);
    const { imageRepository, accountId, region, sourceAccountId } = props;
    const document = new DataAwsIamPolicyDocument(this, 'Document', {
      statement: [
        {
          sid: 'ImagesAreCopiedHere',
          principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${sourceAccountId}:root`] }],
          actions: ['ecr:ReplicateImage'],
          resources: [`arn:aws:ecr:${region}:${accountId}:repository/${imageRepository}`],
        },
      ],
    });
    new EcrRegistryPolicy(this, 'Default', { policy: document.json });
  }
}
