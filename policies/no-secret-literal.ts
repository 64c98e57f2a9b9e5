import { TerraformElement } from 'cdktf';
import { secretNames } from '../config/names';
import { type Policy, rendered } from './policy';

/** What nobody writes by chance. The value is never shown: a message of a CI job is read by many. */
const shapes: Readonly<Record<string, RegExp>> = {
  'an access key of AWS': /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'a token of GitHub': /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50})/,
  'a key of Resend': /\bre_[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,}/,
  'a signed token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  'an address with a password': /\b[a-z][a-z+]*:\/\/[^\s:/@"$]+:[^\s:/@"$]+@/,
};

/** What is written in the source, in Git for ever, in the plan and in the state: docs/decisions/0001-secrets-outside-terraform.md */
export const noSecretLiteral: Policy = {
  name: 'no-secret-literal',
  faultsOf: (construct) => {
    if (!TerraformElement.isTerraformElement(construct) || construct.node.children.length > 0) return [];
    const text = rendered(construct, construct.toTerraform());
    const shaped = Object.entries(shapes)
      .filter(([, shape]) => shape.test(text))
      .map(([what]) => what);
    const named = secretNames
      .filter((name) => new RegExp(`"${name}":"(?!\\$\\{)`).test(text))
      .map((name) => `a value of ${name}`);
    return [...shaped, ...named].map(
      (what) =>
        `it holds ${what} in clear, which reaches Git, the plan and the state; ` +
        'change the secret where it was issued, and give the new one to: npx kairos secrets set',
    );
  },
};
