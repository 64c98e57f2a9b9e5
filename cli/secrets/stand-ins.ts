import { UserError } from '../../errors';

/** What a tool writes in the place of a secret, and resolves only for programs that it starts itself. */
interface Reference {
  readonly form: RegExp;
  /** The tool. */
  readonly writer: string;
  /** The command that prints the secret itself. @default - none, only the referenced place */
  readonly remedy?: string;
}

const references: readonly Reference[] = [
  // https://dotenvx.com/docs/quickstart#add-encryption
  { form: /^encrypted:/, writer: 'dotenvx', remedy: 'dotenvx decrypt --stdout' },
  // https://developer.1password.com/docs/cli/secret-references/
  { form: /^op:\/\//, writer: '1Password', remedy: 'op inject --in-file .env' },
  // https://github.com/getsops/sops#encrypting-using-age
  { form: /^ENC\[/, writer: 'SOPS', remedy: 'sops decrypt .env' },
  // https://github.com/helmfile/vals
  { form: /^ref\+\w+:\/\//, writer: 'vals', remedy: 'vals eval' },
  // https://bank-vaults.dev/docs/mutating-webhook/
  { form: /^vault:[\w/-]+#/, writer: 'Bank-Vaults' },
  // https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
  { form: /^\$\{\{.*\}\}$/, writer: 'a workflow of GitHub' },
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
  { form: /^\{\{resolve:/, writer: 'CloudFormation' },
  { form: /^arn:aws[\w-]*:(secretsmanager|ssm):/, writer: 'AWS, as the name of a secret' },
  // No dotenv parser executes it.
  { form: /^\$\(.*\)$/, writer: 'a shell, as a command' },
];

/** What documents and templates print in the place of a secret. */
const placeholders: readonly RegExp[] = [
  // `<db_password>` is in every address that Atlas shows.
  /^<[\w -]+>$/,
  // https://resend.com/docs/introduction has `re_xxxxxxxxx`.
  /^re_x+$/,
];

/** Placeholders of keys that sign tokens. With a known key anybody can sign in as any user. */
const knownKeys: readonly RegExp[] = [
  /change[-_ ]?(this|me|it)/i,
  /your[-_ ]?(very[-_ ]?)?(secret|super|own|key|random)/i,
  /django-insecure/,
  // The key that FastAPI's tutorial prints: https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/
  /^09d25e094faa/,
];

/**
 * The backend would accept all of these as the secret, and the error would show only later.
 * @throws UserError for a text that replaces a secret but is not one. The message does not contain the value.
 */
export function refuseStandIn(name: string, given: string): void {
  const reference = references.find(({ form }) => form.test(given));
  if (reference !== undefined) {
    const how = reference.remedy === undefined ? '' : `: ${reference.remedy}`;
    throw new UserError(
      `${name} is a reference of ${reference.writer}, not the secret; give the secret itself${how}`,
    );
  }
  if (placeholders.some((form) => form.test(given))) {
    throw new UserError(`${name} is a placeholder of a document or a template; give the secret itself`);
  }
}

/** @returns whether a signing key is one that documents and templates print. */
export function isKnownKey(given: string): boolean {
  return knownKeys.some((form) => form.test(given));
}
