import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';

export interface EnvironmentKeyProps {
  /** The key's alias, beginning with `alias/`. */
  readonly alias: string;
  /** What the key is for, as people read it in the console. */
  readonly description: string;
}

/** How long a key that was deleted by mistake can be brought back, in days; the longest that KMS offers. */
const deletionWindowDays = 30;

/** The customer-managed key of one environment's secrets. */
export class EnvironmentKey extends Construct {
  /** The alias, by which `kairos secrets set` names the key too. */
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
