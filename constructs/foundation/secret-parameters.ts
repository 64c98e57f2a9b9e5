import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';

export interface SecretParametersProps {
  /** The path of the parameters, with a slash at both ends. */
  readonly path: string;
  /** The parameters' names below the path. */
  readonly names: readonly string[];
  /** The key that encrypts them, in the form that every later write uses: its alias. */
  readonly keyId: string;
  /** What a parameter holds until somebody has set it; sent once, and in no state. */
  readonly placeholder: string;
}

/**
 * Whatever would send a value. The provider answers a change of any of these with a `PutParameter` that
 * carries an empty value, and writes a decrypted one into the state when `value_wo` is ever left out:
 * https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ssm/parameter.go
 */
const whatWouldSendAValue = [
  'description',
  'tier',
  'key_id',
  'allowed_pattern',
  'data_type',
  'value_wo_version',
];

/**
 * The parameters of an environment's secrets. Terraform makes them and never sees a value: each begins with a
 * placeholder, `kairos secrets set` writes the value straight to SSM, and no later change here sends one.
 */
export class SecretParameters extends Construct {
  constructor(scope: Construct, id: string, props: SecretParametersProps) {
    super(scope, id);
    for (const name of props.names) {
      new SsmParameter(this, name, {
        name: `${props.path}${name}`,
        type: 'SecureString',
        keyId: props.keyId,
        valueWo: props.placeholder,
        valueWoVersion: 1,
        lifecycle: { preventDestroy: true, ignoreChanges: whatWouldSendAValue },
      });
    }
  }
}
