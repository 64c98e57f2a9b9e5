import { EcrReplicationConfiguration } from '@cdktf/provider-aws/lib/ecr-replication-configuration';
import { Construct } from 'constructs';

export interface ImageReplicationProps {
  /** The name of the repository whose images are copied. */
  readonly imageRepository: string;
  /** Where each image is copied to; at least one. */
  readonly replicas: readonly Replica[];
}

/** A registry that gets a copy of each pushed image. */
export interface Replica {
  /** Its account, 12 digits. */
  readonly accountId: string;
  /** Its region. */
  readonly region: string;
}

/**
 * ECR copies each image that is pushed from now on, with its digest and tags. A registry has one configuration for all
 * its repositories, and this construct owns it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
export class ImageReplication extends Construct {
  constructor(scope: Construct, id: string, { imageRepository, replicas }: ImageReplicationProps) {
    super(scope, id);
    new EcrReplicationConfiguration(this, 'Default', {
      replicationConfiguration: {
        rule: [
          {
            destination: replicas.map(({ accountId, region }) => ({ registryId: accountId, region })),
            // The only kind of filter. It also matches longer names, and this registry has none.
            repositoryFilter: [{ filter: imageRepository, filterType: 'PREFIX_MATCH' }],
          },
        ],
      },
    });
  }
}
