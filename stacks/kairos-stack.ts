import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { mendHcl } from './hcl-text';
import type { Import } from '../config/imports';
import { type StateOwner, stateBucketName } from '../config/names';

export interface KairosStackProps {
  /** The only account that the provider accepts, 12 digits. */
  readonly accountId: string;
  /** The region of the resources and of the state. */
  readonly region: string;
  /** The source repository of this project. */
  readonly repository: string;
  /** The owner of the state bucket. */
  readonly stateOwner: StateOwner;
  /** Existing resources to import. @default - none */
  readonly imports?: readonly Import[];
}

/** Write-only arguments need 1.11: https://developer.hashicorp.com/terraform/language/v1.11.x/upgrade-guides */
const terraformVersion = '>= 1.11.0';

/** What all stacks have in common: the backend of their state, their account, their tags. */
export abstract class KairosStack extends TerraformStack {
  private readonly adopted: Import[] = [];

  /** The location of the stack's state. */
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

  /**
   * @param further imports in addition to those of the stack. Not `importFrom`, which runs `terraform version`, once
   * each.
   */
  protected adopt(further: readonly Import[]): void {
    this.adopted.push(...further);
    if (this.adopted.length > 0) this.addOverride('import', this.adopted);
  }

  override toHclTerraform(): { hcl: string; metadata: unknown } {
    const { hcl, metadata } = super.toHclTerraform() as { hcl: string; metadata: unknown };
    return { hcl: mendHcl(hcl, terraformVersion), metadata };
  }

  private createBackend(): void {
    new S3Backend(this, { ...this.state, encrypt: true }).addOverride('use_lockfile', true); // cdktf 0.21 only supports the DynamoDB lock
  }

  /**
   * Another workspace has another state, so a deploy would create everything a second time until names collide.
   * Variables that select one are refused at synth (config/second-worlds.ts). Only Terraform can see
   * `terraform workspace select`.
   */
  private refuseOtherWorkspaces(): void {
    const output = new TerraformOutput(this, 'workspace', {
      staticId: true,
      value: '${terraform.workspace}',
    });
    // cdktf 0.21 accepts a precondition of an output, but does not write it.
    output.addOverride('precondition', [
      {
        condition: '${terraform.workspace == "default"}',
        error_message: `${this.node.id} has only one state, and a deploy in this workspace would create everything a second time; next: terraform workspace select default`,
      },
    ]);
  }

  /** @param alias the name of an additional provider. @default - the provider that resources use by default */
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
