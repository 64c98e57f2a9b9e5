import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';

export interface SettingsParametersProps {
  /** The path of the parameters, with a slash at both ends. */
  readonly path: string;
  /** The settings: variable name to value. No value is a secret, and none is empty: SSM refuses that. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The application's settings, one parameter per environment variable that it reads. */
export class SettingsParameters extends Construct {
  readonly parameters: readonly SsmParameter[];

  constructor(scope: Construct, id: string, props: SettingsParametersProps) {
    super(scope, id);
    this.parameters = Object.entries(props.settings).map(
      ([name, value]) =>
        new SsmParameter(this, name, { name: `${props.path}${name}`, type: 'String', value }),
    );
  }
}
