import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';

export interface SecretParametersProps {
  /** The path of the parameters, with a slash at both ends. */
  readonly path: string;
  /** The parameters' names below the path. */
  readonly names: readonly string[];
  /** The key that encrypts them. Later writes use the same form, its alias. */
  readonly keyId: string;
  /** The value of a parameter until somebody sets it. It is sent once, and is in no state. */
  readonly placeholder: string;
}

/**
 * Every argument that would send a value. If one of them changes, the provider calls `PutParameter` with an empty
 * value. If `value_wo` is missing, the provider writes the decrypted value into the state:
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
 * The parameters of an environment's secrets. Terraform creates them with a placeholder and never reads a value.
 * `kairos secrets set` writes the value directly to SSM, and no later change here sends one.
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
