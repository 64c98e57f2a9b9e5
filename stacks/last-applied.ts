import { DataAwsS3Objects } from '@cdktf/provider-aws/lib/data-aws-s3-objects';
import { DataTerraformRemoteStateS3, Fn, Token } from 'cdktf';
import { Construct } from 'constructs';

export interface LastAppliedProps {
  /** The bucket of the stack's state. */
  readonly bucket: string;
  /** The state's key in it. */
  readonly key: string;
  /** The bucket's region. */
  readonly region: string;
}

/** The value of an output if the stack was never applied, or had no such output. */
export const neverApplied = 'none';

/**
 * The outputs of a stack's own last apply, read from its state. A plan takes values from there that the table does not
 * decide, such as the running image. The apply itself writes the state, under its lock, so it never contains something
 * that was not applied.
 */
export class LastApplied extends Construct {
  private readonly state: DataTerraformRemoteStateS3;

  constructor(scope: Construct, id: string, props: LastAppliedProps) {
    super(scope, id);
    // If the state is missing, Terraform fails with a message that no configuration can change. A list does not fail.
    const { keys } = new DataAwsS3Objects(this, 'Objects', { bucket: props.bucket, prefix: props.key });
    this.state = new DataTerraformRemoteStateS3(this, 'State', { ...props });
    this.state.addOverride('count', Fn.conditional(Fn.contains(keys, props.key), 1, 0));
  }

  /** @returns an output of the last apply as text, or `neverApplied`. */
  output(name: string): string {
    return Token.asString(Fn.try([Fn.lookupNested(this.state.fqn, [0, 'outputs', name]), neverApplied]));
  }
}
