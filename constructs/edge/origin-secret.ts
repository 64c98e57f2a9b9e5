import { Fn, TerraformResource, Token } from 'cdktf';
import { Construct } from 'constructs';

export interface OriginSecretProps {
  /** The number of the rotation, from 1. Raised by one, the older of the two secrets is made anew. */
  readonly rotation: number;
}

/**
 * Two secrets of 244 random bits, made by Terraform itself. Rotation n makes slot n mod 2 anew, and the other one
 * keeps its value: what admits both never refuses what knows one.
 *
 * Both are stored in the state, and nothing prints them. That is less easy than it looks:
 * - `aws_secretsmanager_random_password` has the password as its id, and Terraform logs the id of what it reads;
 * - `terraform_data` copies `input` into `output`, and prints that: https://github.com/hashicorp/terraform/issues/35609
 */
export class OriginSecret extends Construct {
  /** The secret of the newest rotation. */
  readonly current: string;
  /** SHA-256 of both secrets in hexadecimal, in the order of their slots. */
  readonly hashes: readonly string[];

  constructor(scope: Construct, id: string, { rotation }: OriginSecretProps) {
    super(scope, id);
    const [even, odd] = [this.createSlot(0, rotation), this.createSlot(1, rotation)] as const;
    this.current = rotation % 2 === 0 ? even : odd;
    this.hashes = [even, odd].map((secret) => Fn.sha256(secret));
  }

  private createSlot(slot: 0 | 1, rotation: number): string {
    const madeAnewIn = rotation % 2 === slot ? rotation : rotation - 1;
    // Not `DataResource`, which runs `terraform version` at each synthesis, once for each of them.
    const kept = new TerraformResource(this, `Slot${slot}`, {
      terraformResourceType: 'terraform_data',
      // `uuid()` is another one at each run; only a new rotation takes it.
      lifecycle: { ignoreChanges: ['triggers_replace.secret'] },
    });
    kept.addOverride('triggers_replace', {
      rotation: madeAnewIn,
      secret: Token.asString(Fn.sensitive(Fn.sha256(Fn.join('', [Fn.uuid(), Fn.uuid()])))),
    });
    return Token.asString(Fn.sensitive(kept.getStringAttribute('triggers_replace.secret')));
  }
}
