import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { type StateOwner, stateBucketName } from '../config/names';

export interface KairosStackProps {
  /** The account that the provider refuses to leave, 12 digits. */
  readonly accountId: string;
  /** The region of the resources and of the state. */
  readonly region: string;
  /** Where this project's source lives. */
  readonly repository: string;
  /** Whose bucket holds the state. */
  readonly stateOwner: StateOwner;
}

/** What all stacks have in common: where their state lies, which account they may touch, how they are tagged. */
export abstract class KairosStack extends TerraformStack {
  protected constructor(
    scope: Construct,
    id: string,
    protected readonly shared: KairosStackProps,
  ) {
    super(scope, id);
    this.createBackend(id);
    this.createProvider('aws', shared.region);
  }

  private createBackend(id: string): void {
    const { accountId, region, stateOwner } = this.shared;
    new S3Backend(this, {
      bucket: stateBucketName(accountId, stateOwner),
      key: `${id}.tfstate`,
      region,
      encrypt: true,
    }).addOverride('use_lockfile', true); // cdktf 0.21 knows only the DynamoDB lock
  }

  /**
   * @param alias a further provider's name. @default - the provider that resources use when they name none
   */
  protected createProvider(id: string, region: string, alias?: string): AwsProvider {
    const { accountId, repository, stateOwner } = this.shared;
    return new AwsProvider(this, id, {
      region,
      alias,
      allowedAccountIds: [accountId],
      defaultTags: [
        {
          tags: {
            project: 'kairos',
            environment: stateOwner,
            'managed-by': 'cdktf',
            repository,
          },
        },
      ],
    });
  }
}
