import { UserError } from '../errors';

type Shell = Readonly<Record<string, string | undefined>>;

/**
 * Refuses variables with which Terraform would read another state than the stack's own. It would find nothing there,
 * and create everything a second time until names collide. It also refuses variables with which a deploy deploys
 * nothing. Variables that only change how Terraform works, such as `-refresh=false`, are allowed.
 * https://developer.hashicorp.com/terraform/cli/config/environment-variables
 * @param shell the environment variables.
 * @throws UserError that names every such variable.
 */
export function refuseSecondWorlds(shell: Shell): void {
  const faults = Object.entries(shell).flatMap(([name, value = '']) => {
    const reason = reasonAgainst(name, value.trim());
    return reason === undefined ? [] : [`${name}="${value}" ${reason}`];
  });
  if (faults.length === 0) return;
  const names = faults.map((fault) => fault.split('=', 1)[0]);
  throw new UserError(`${faults.join('\n')}\nnext: unset ${names.join(' ')}`);
}

function reasonAgainst(name: string, value: string): string | undefined {
  if (value === '') return undefined;
  if (name === 'TF_WORKSPACE') {
    return value === 'default' ? undefined : 'is another workspace, and so another state: a stack has one';
  }
  if (name === 'TF_DATA_DIR') return "would give all stacks one stack's backend and state";
  if (!/^TF_CLI_ARGS(_|$)/.test(name)) return undefined;
  // Terraform removes quotes and backslashes like a shell.
  const words = value.replaceAll(/["'\\]/g, '');
  const leading = [...words.matchAll(elsewhere)].find(
    ([, argument = '', of = '']) => of !== harmless[argument],
  );
  if (leading === undefined) return undefined;
  return reasons[leading[1] ?? ''] ?? "leads to another state than the stack's own";
}

const elsewhere =
  /(?<=^|\s)--?(state|state-out|backup|backend|backend-config|lock|chdir|destroy|refresh-only)(?:=(\S*)|(?=\s|$))/g;

/** The values with which these variables have no effect. */
const harmless: Readonly<Record<string, string>> = {
  lock: 'true',
  destroy: 'false',
  'refresh-only': 'false',
};

const reasons: Readonly<Record<string, string>> = {
  lock: 'allows two deploys to write one state',
  destroy: 'would destroy what a deploy should create',
  'refresh-only': 'makes a deploy succeed that changes nothing',
};
