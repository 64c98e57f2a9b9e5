import { TerraformElement } from 'cdktf';
import { secretNames } from '../config/names';
import { secretsIn } from '../config/secret-shapes';
import type { Policy } from './policy';
import { rendered } from './rendered';

/** Each secret, and how its value would look in a resource if it were not a reference. */
const literals = secretNames.map((name) => [name, new RegExp(`"${name}":"(?!\\$\\{)`)] as const);

/**
 * A literal in the source stays in Git for ever, and is in the plan and in the state:
 * docs/decisions/0001-secrets-outside-terraform.md
 */
export const noSecretLiteral: Policy = {
  name: 'no-secret-literal',
  faultsOf: (construct) => {
    if (!TerraformElement.isTerraformElement(construct) || construct.node.children.length > 0) return [];
    const text = rendered(construct, construct.toTerraform());
    const named = literals.filter(([, literal]) => literal.test(text)).map(([name]) => `a value of ${name}`);
    return [...secretsIn(text), ...named].map(
      (what) =>
        `it contains ${what} in plain text, which is then in Git, the plan and the state; ` +
        'revoke the secret where it was issued, and set the new one with: npx kairos secrets set',
    );
  },
};
