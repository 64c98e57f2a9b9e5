import { DataAwsSecretsmanagerRandomPassword } from '@cdktf/provider-aws/lib/data-aws-secretsmanager-random-password';
import { DataResource, Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface OriginSecretProps {
  /** The number of the rotation, from 1. Raised by one, the older of the two secrets is made anew. */
  readonly rotation: number;
}

/** In characters, letters and digits alone: 285 bits. */
const length = 48;

/**
 * Two secrets, made inside Terraform. Rotation n makes slot n mod 2 anew, and the other one keeps its value: what
 * knows both at each moment never refuses what knows one.
 *
 * Both are stored in the state. They are masked in plans and logs, as long as they lie in `triggers_replace`:
 * `terraform_data` copies `input` into `output`, where Terraform prints it.
 * https://github.com/hashicorp/terraform/issues/35609
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
    const drawn = new DataAwsSecretsmanagerRandomPassword(this, `Draw${slot}`, {
      passwordLength: length,
      excludePunctuation: true,
    });
    const madeAnewIn = rotation % 2 === slot ? rotation : rotation - 1;
    const kept = new DataResource(this, `Slot${slot}`, {
      triggersReplace: { rotation: madeAnewIn, secret: drawn.randomPassword },
      // Each plan draws another value; only a new rotation takes it.
      lifecycle: { ignoreChanges: ['triggers_replace.secret'] },
    });
    return kept.getStringAttribute('triggers_replace.secret');
  }
}
