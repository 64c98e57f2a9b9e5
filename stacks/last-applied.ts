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

/** What `output` gives when the stack was never applied, or had no such output. */
export const neverApplied = 'none';

/**
 * The outputs of a stack's own last apply, read from its state. A plan takes over from there what is not the table's
 * to decide, such as the image that runs. The state is written by the apply itself, under its lock, so it cannot tell
 * of something that was not applied.
 */
export class LastApplied extends Construct {
  private readonly state: DataTerraformRemoteStateS3;

  constructor(scope: Construct, id: string, props: LastAppliedProps) {
    super(scope, id);
    // Terraform stops at a state that is not there, in words that no configuration can change; a list does not.
    const { keys } = new DataAwsS3Objects(this, 'Objects', { bucket: props.bucket, prefix: props.key });
    this.state = new DataTerraformRemoteStateS3(this, 'State', { ...props });
    this.state.addOverride('count', Fn.conditional(Fn.contains(keys, props.key), 1, 0));
  }

  /** @returns an output of the last apply as text, or `neverApplied`. */
  output(name: string): string {
    return Token.asString(Fn.try([Fn.lookupNested(this.state.fqn, [0, 'outputs', name]), neverApplied]));
  }
}
