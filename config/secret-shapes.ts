/**
 * Formats that nobody writes by chance. A value with such a format is never printed, because many people read the log
 * of a CI job.
 */
const shapes: Readonly<Record<string, RegExp>> = {
  'an access key of AWS': /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'a token of GitHub': /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50})/,
  'a key of Resend': /\bre_[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,}/,
  'a signed token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  'an address with a password': /\b[a-z][a-z+]*:\/\/[^\s:/@"$]+:[^\s:/@"$]+@/,
};

/** @returns the kinds of secrets that a text contains. */
export function secretsIn(text: string): readonly string[] {
  return Object.entries(shapes)
    .filter(([, shape]) => shape.test(text))
    .map(([what]) => what);
}
