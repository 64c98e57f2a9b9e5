import { isApiKeyName, secretNames, type StoredSecretName } from '../../config/names';
import { UserError } from '../../errors';
import { isKnownKey, refuseStandIn } from './stand-ins';

/** @throws UserError if there is no such secret. */
export function parseSecretName(text: string): StoredSecretName {
  const found = isApiKeyName(text) ? text : secretNames.find((name) => name === text);
  if (found !== undefined) return found;
  const known = `the secrets are ${secretNames.join(', ')} and API_KEY_…`;
  // Any other text may be the value itself, typed in the wrong place.
  if (!/^[A-Z]{2,12}(_[A-Z]{2,12})*$/.test(text)) {
    throw new UserError(
      `an argument is not the name of a secret, and a value is never an argument; ${known}`,
    );
  }
  throw new UserError(`there is no secret "${text}"; ${known}`);
}

/** How the MongoDB user and password were given: as they are, or percent-encoded, as they are stored. */
export type Encoding = 'raw' | 'encoded';

const hostName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** The maximum size of a value in a parameter of the standard tier, in bytes. */
const longestValue = 4096;

/**
 * Converts an input to the stored value. The backend accepts any value, and the error shows only later: with an empty
 * or well-known key anybody can forge tokens, and user and password are inserted into its database URI unchanged.
 * @param encoding needed if a user or password is ambiguous.
 * @returns the value for SSM.
 * @throws UserError that says what is wrong, but not the value.
 */
export function storedValue(name: StoredSecretName, given: string, encoding?: Encoding): string {
  if (given.trim() === '') throw new UserError(`${name} is empty; give a value`);
  refuseInvisible(name, given);
  if (/^\s|\s$/.test(given))
    throw new UserError(`${name} begins or ends with white space; give it without the white space`);
  refuseStandIn(name, given);
  refuseSyntax(name, given);
  const value = valueOf(name, given, encoding);
  const length = Buffer.byteLength(value);
  if (length > longestValue) {
    throw new UserError(
      `${name} would be stored in ${length} bytes, and a parameter holds ${longestValue} bytes; give a shorter one`,
    );
  }
  return value;
}

/**
 * Checks all values before the first is written.
 * @param encoding how the MongoDB user and password were given; needed if both are possible.
 * @returns the values as they are stored.
 * @throws UserError that lists every value that would be wrong for the backend.
 */
export function storedValues(
  given: ReadonlyMap<StoredSecretName, string>,
  encoding?: Encoding,
): ReadonlyMap<StoredSecretName, string> {
  const values = new Map<StoredSecretName, string>();
  const faults: string[] = [];
  for (const [name, value] of given) {
    try {
      values.set(name, storedValue(name, value, encoding));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error.message);
    }
  }
  if (faults.length > 0) throw new UserError(`nothing was written: ${faults.join('\n  ')}`);
  return values;
}

function isSecretName(text: string): boolean {
  return isApiKeyName(text) || secretNames.some((secret) => secret === text);
}

const nameOfSecret = new RegExp(`${secretNames.join('|')}|API_KEY_[A-Z0-9_]+`);

function refuseInvisible(name: StoredSecretName, given: string): void {
  // Characters that are copied from a web page or a document, are invisible, and are in no real key.
  const invisible = /[\p{Cf}\p{Zl}\p{Zp}]/u.exec(given)?.[0];
  if (invisible !== undefined) {
    const code = (invisible.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw new UserError(
      `${name} has the invisible character U+${code}; type it again, or copy it from its source`,
    );
  }
}

/** Characters of a dotenv file that do not belong to a value. The backend would read them as part of the secret. */
function refuseSyntax(name: StoredSecretName, given: string): void {
  // In the syntax of any shell, dotenv, YAML or JSON.
  const [, prefix = '', sign = ''] =
    /^(?:export\s+|set\s+|\$env:|\{\s*)?["']?(\w+)["']?\s*([=:])/i.exec(given) ?? [];
  if (isSecretName(prefix.toUpperCase())) {
    throw new UserError(`the value of ${name} begins with "${prefix}${sign}"; give the value alone`);
  }
  if (/\p{Cc}/u.test(given)) {
    throw new UserError(`${name} has a line break or another control character; give one line`);
  }
  // From a manifest, a command or a line with several settings. No generated secret contains it.
  const inside = nameOfSecret.exec(given)?.[0];
  if (inside !== undefined) {
    throw new UserError(`the value of ${name} has the name ${inside} in it; give the value alone`);
  }
  // Word processors and web pages insert the others.
  if (/^(["'`]).*\1$|^[“”„‟‘’‚‛«»].*[“”‘’«»]$/u.test(given)) {
    throw new UserError(`${name} is in quotes, which would be part of it; give it without the quotes`);
  }
}

function valueOf(name: StoredSecretName, given: string, encoding: Encoding | undefined): string {
  switch (name) {
    case 'SECRET_KEY':
      return signingKey(given);
    case 'MONGO_HOST':
      return databaseHost(given);
    case 'MONGO_USERNAME':
    case 'MONGO_PASSWORD':
      return percentEncoded(name, given, encoding);
    case 'RESEND_API_KEY':
      return inHeader(name, given);
    default:
      return apiKey(name, given);
  }
}

function signingKey(given: string): string {
  if (given.toLowerCase() === 'changethis') {
    throw new UserError('SECRET_KEY is the placeholder of the backend; make one: openssl rand -hex 32');
  }
  if (isKnownKey(given)) {
    throw new UserError('SECRET_KEY is a placeholder that others know; make one: openssl rand -hex 32');
  }
  if (given.length < 32) {
    throw new UserError(
      `SECRET_KEY has ${given.length} characters, at least 32 are needed; make one: openssl rand -hex 32`,
    );
  }
  return given;
}

/** The authorizer treats shorter values as placeholders (functions/origin-authorizer/api-keys.ts) and accepts none. */
const shortestApiKey = 20;

function apiKey(name: string, given: string): string {
  if (given.length < shortestApiKey || given.includes(',')) {
    throw new UserError(
      `${name} must have ${shortestApiKey} characters or more and no comma; make one: openssl rand -hex 24`,
    );
  }
  return inHeader(name, given);
}

/**
 * Such a key is sent alone in a header. A space or a letter of another alphabet means that more than the key was
 * copied.
 */
function inHeader(name: string, given: string): string {
  if (!/^[!-~]+$/.test(given)) {
    throw new UserError(
      `${name} has a space or a character that is not ASCII, which no key has; copy only the key`,
    );
  }
  return given;
}

function databaseHost(given: string): string {
  if (!hostName.test(given)) {
    throw new UserError(
      'MONGO_HOST is not a bare DNS name; give the host of the mongodb+srv address alone, such as cluster0.mongodb.net: no scheme, no user, no port, no path, no IP address',
    );
  }
  return given;
}

/** The characters of a user or password that are unchanged in a URI, and the escapes of all others. */
const encodedForm = /^([A-Za-z0-9._~!'()*-]|%[0-9A-Fa-f]{2})+$/;

/** `100%25` is a password of six characters, or "100%" already encoded. Only the user knows. */
function percentEncoded(name: string, given: string, encoding: Encoding | undefined): string {
  const couldBeEncoded = encodedForm.test(given);
  if (encoding === 'encoded' && !couldBeEncoded) {
    throw new UserError(
      `${name} is not percent-encoded: it has a character that must be; give it with --raw`,
    );
  }
  if (encoding === undefined && couldBeEncoded && given.includes('%')) {
    throw new UserError(
      `${name} is ambiguous: it may be percent-encoded or not; add --raw, or --encoded if it comes from the database's URI`,
    );
  }
  if (encoding !== 'encoded') return encodeURIComponent(given);
  try {
    decodeURIComponent(given);
  } catch {
    throw new UserError(`${name} has percent escapes that are not UTF-8; give it as it is, with --raw`);
  }
  return given;
}
