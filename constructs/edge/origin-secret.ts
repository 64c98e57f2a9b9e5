import { Fn, Op, TerraformResource, Token } from 'cdktf';
import { Construct } from 'constructs';

export interface OriginSecretProps {
  /** The number of the rotation, from 1. If it is raised by one, the older of the two secrets is replaced. */
  readonly rotation: number;
  /** The rotation of the last deploy: a number as text, or anything else if there was none. */
  readonly deployedRotation: string;
}

/**
 * Two secrets of 244 random bits, created by Terraform itself. Rotation n replaces slot n mod 2, and the other slot
 * keeps its value. An authorizer that accepts both refuses no request while CloudFront changes from one to the other. A
 * step of two would replace both at once, and CloudFront would send a secret that the authorizer does not accept. So it
 * is refused.
 *
 * Both secrets are stored in the state, and nothing prints them. Two simpler solutions would:
 * - `aws_secretsmanager_random_password` has the password as its id, and Terraform logs the ids of data sources;
 * - `terraform_data` copies `input` to `output`, and prints it: https://github.com/hashicorp/terraform/issues/35609
 */
export class OriginSecret extends Construct {
  /** The secret of the newest rotation. */
  readonly current: string;
  /** SHA-256 of both secrets in hexadecimal, in the order of their slots. */
  readonly hashes: readonly string[];

  constructor(scope: Construct, id: string, props: OriginSecretProps) {
    super(scope, id);
    const [even, odd] = [this.createSlot(0, props), this.createSlot(1, props)] as const;
    this.current = props.rotation % 2 === 0 ? even : odd;
    this.hashes = [even, odd].map((secret) => Fn.sha256(secret));
  }

  private createSlot(slot: 0 | 1, { rotation, deployedRotation }: OriginSecretProps): string {
    const replacedIn = rotation % 2 === slot ? rotation : rotation - 1;
    // Not `DataResource`, which runs `terraform version` in each synth, once per resource.
    const kept = new TerraformResource(this, `Slot${slot}`, {
      terraformResourceType: 'terraform_data',
      // `uuid()` returns another value in each run. Only a new rotation stores it.
      lifecycle: {
        ignoreChanges: ['triggers_replace.secret'],
        precondition: [oneStep(rotation, deployedRotation)],
      },
    });
    kept.addOverride('triggers_replace', {
      rotation: replacedIn,
      secret: Token.asString(Fn.sensitive(Fn.sha256(Fn.join('', [Fn.uuid(), Fn.uuid()])))),
    });
    return Token.asString(Fn.sensitive(kept.getStringAttribute('triggers_replace.secret')));
  }
}

function oneStep(rotation: number, deployed: string) {
  const difference = Op.sub(rotation, Fn.tonumber(deployed));
  return {
    condition: Token.asString(Fn.try([Op.lte(Fn.abs(difference), 1), true])),
    errorMessage: `edge.rotation is ${rotation} and ${deployed} is deployed; a step of more than one replaces both secrets at once and locks CloudFront out: raise it by one, deploy, and raise it again`,
  };
}
