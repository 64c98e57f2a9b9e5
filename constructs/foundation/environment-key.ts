import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';

export interface EnvironmentKeyProps {
  /** The key's alias, beginning with `alias/`. */
  readonly alias: string;
  /** The description of the key in the console. */
  readonly description: string;
}

/** How many days a deleted key can be restored; the maximum of KMS. */
const deletionWindowDays = 30;

/** The customer-managed key of one environment's secrets. */
export class EnvironmentKey extends Construct {
  /** The alias. `kairos secrets set` uses it too. */
  readonly alias: KmsAlias;

  constructor(scope: Construct, id: string, props: EnvironmentKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, 'Default', {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: deletionWindowDays,
      lifecycle: { preventDestroy: true },
    });
    this.alias = new KmsAlias(this, 'Alias', { name: props.alias, targetKeyId: key.keyId });
  }
}
