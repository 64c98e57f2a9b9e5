import { refuseSecondWorlds } from '../../../config/second-worlds';

describe('a variable that would give a stack a second state', () => {
  it.each([
    ['TF_WORKSPACE', 'staging', 'another workspace'],
    ['TF_DATA_DIR', '/tmp/data', "one stack's backend"],
    ['TF_CLI_ARGS', '-state=/tmp/x.tfstate', 'another state'],
    ['TF_CLI_ARGS_init', '-no-color -backend-config=key=x', 'another state'],
    ['TF_CLI_ARGS_init', '-backend=false', 'another state'],
    ['TF_CLI_ARGS', '-no-color -chdir', 'another state'],
    ['TF_CLI_ARGS_plan', '-state=true', 'another state'],
    ['TF_CLI_ARGS_apply', '-lock=false', 'two deploys'],
    ['TF_CLI_ARGS_apply', "'-state=/tmp/x.tfstate'", 'another state'],
    ['TF_CLI_ARGS_plan', '-no-color -st\\ate=/tmp/x', 'another state'],
    ['TF_CLI_ARGS_apply', '-auto-approve -destroy', 'destroy what a deploy should create'],
    ['TF_CLI_ARGS_plan', '-refresh-only', 'changes nothing'],
    ['TF_CLI_ARGS_apply', '-lock=true -state=x', 'another state'],
  ])('%s=%s is refused with what to type', (name, value, reason) => {
    expect(() => {
      refuseSecondWorlds({ [name]: value });
    }).toThrow(new RegExp(`^${name}="${value.replace('\\', '.')}" .*${reason}[^]*next: unset ${name}$`));
  });

  it('is not one that only changes how Terraform works', () => {
    refuseSecondWorlds({
      TF_WORKSPACE: 'default',
      TF_DATA_DIR: '',
      TF_CLI_ARGS_plan: '-refresh=false -lock-timeout=120s -lock=true',
      TF_CLI_ARGS: '-no-color',
      TF_CLI_ARGS_apply: '-destroy=false -refresh-only=false -replace=a.destroy',
      TF_LOG: 'DEBUG',
      MY_TF_CLI_ARGS: '-state=x',
      TF_CLI_ARGSX: '-state=x',
    });
  });

  it('is reported together with all others', () => {
    expect(() => {
      refuseSecondWorlds({ TF_WORKSPACE: 'a', TF_DATA_DIR: 'b' });
    }).toThrow(/^TF_WORKSPACE="a" .*\nTF_DATA_DIR="b" .*\nnext: unset TF_WORKSPACE TF_DATA_DIR$/);
  });
});
