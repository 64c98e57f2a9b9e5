import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { mendHcl } from './hcl-text';
import type { Import } from '../config/imports';
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
  /** What is taken over that AWS has already. @default - nothing */
  readonly imports?: readonly Import[];
}

/** Write-only arguments came with 1.11: https://developer.hashicorp.com/terraform/language/v1.11.x/upgrade-guides */
const terraformVersion = '>= 1.11.0';

/** What all stacks have in common: where their state lies, which account they may touch, how they are tagged. */
export abstract class KairosStack extends TerraformStack {
  private readonly adopted: Import[] = [];

  /** Where the stack's state lies. */
  protected readonly state: { readonly bucket: string; readonly key: string; readonly region: string };

  protected constructor(
    scope: Construct,
    id: string,
    protected readonly shared: KairosStackProps,
  ) {
    super(scope, id);
    this.addOverride('terraform.required_version', terraformVersion);
    this.state = {
      bucket: stateBucketName(shared.accountId, shared.stateOwner),
      key: `${id}.tfstate`,
      region: shared.region,
    };
    this.createBackend();
    this.refuseOtherWorkspaces();
    this.createProvider('aws', shared.region);
    this.adopt(shared.imports ?? []);
  }

  /** @param further besides what the stack was told to take over. Not `importFrom`: it runs `terraform version`, once each. */
  protected adopt(further: readonly Import[]): void {
    this.adopted.push(...further);
    if (this.adopted.length > 0) this.addOverride('import', this.adopted);
  }

  override toHclTerraform(): { hcl: string; metadata: unknown } {
    const { hcl, metadata } = super.toHclTerraform() as { hcl: string; metadata: unknown };
    return { hcl: mendHcl(hcl, terraformVersion), metadata };
  }

  private createBackend(): void {
    new S3Backend(this, { ...this.state, encrypt: true }).addOverride('use_lockfile', true); // cdktf 0.21 knows only the DynamoDB lock
  }

  /**
   * Another workspace is another state, which would make everything a second time until names clash. Variables that
   * lead there are refused at synth (config/second-worlds.ts); `terraform workspace select` only Terraform can see.
   */
  private refuseOtherWorkspaces(): void {
    const output = new TerraformOutput(this, 'workspace', {
      staticId: true,
      value: '${terraform.workspace}',
    });
    // cdktf 0.21 takes a precondition of an output and writes none.
    output.addOverride('precondition', [
      {
        condition: '${terraform.workspace == "default"}',
        error_message: `${this.node.id} has one state, and this workspace would make everything a second time; next: terraform workspace select default`,
      },
    ]);
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
