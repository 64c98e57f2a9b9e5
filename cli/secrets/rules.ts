import { isApiKeyName, secretNames, type StoredSecretName } from '../../config/names';
import { UserError } from '../../errors';
import { isKnownKey, refuseStandIn } from './stand-ins';

/** @throws UserError when there is no such secret. */
export function parseSecretName(text: string): StoredSecretName {
  const found = isApiKeyName(text) ? text : secretNames.find((name) => name === text);
  if (found !== undefined) return found;
  const known = `the secrets are ${secretNames.join(', ')} and API_KEY_…`;
  // Anything else may be the value itself, typed in the wrong place.
  if (!/^[A-Z]{2,12}(_[A-Z]{2,12})*$/.test(text)) {
    throw new UserError(
      `an argument is not the name of a secret, and a value is never an argument; ${known}`,
    );
  }
  throw new UserError(`there is no secret "${text}"; ${known}`);
}

/** How the MongoDB user and password were given: as they are, or percent-encoded as they are stored. */
export type Encoding = 'raw' | 'encoded';

const hostName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** The longest value that a parameter of the standard tier holds, in bytes. */
const longestValue = 4096;

/**
 * Turns what somebody gave into what is stored. The backend takes all of these and goes wrong later: an empty
 * or well-known key signs tokens that anybody can forge, and user and password stand raw in its database URI.
 * @param encoding needed where a user or password can be read both ways.
 * @returns the value as it goes into SSM.
 * @throws UserError that says what is wrong, and never the value.
 */
export function storedValue(name: StoredSecretName, given: string, encoding?: Encoding): string {
  if (given.trim() === '') throw new UserError(`${name} is empty; give a value`);
  refuseInvisible(name, given);
  if (/^\s|\s$/.test(given)) throw new UserError(`${name} begins or ends with white space; give it without`);
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
 * Looks at all values before the first is written.
 * @param encoding how the MongoDB user and password were given; needed where both are possible.
 * @returns them as they are stored.
 * @throws UserError that lists every value that the backend would get wrong.
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
  // Copied from a web page or a document, and in no key that anybody compares by eye.
  const invisible = /[\p{Cf}\p{Zl}\p{Zp}]/u.exec(given)?.[0];
  if (invisible !== undefined) {
    const code = (invisible.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw new UserError(
      `${name} has the invisible character U+${code}; type it again, or copy it from its source`,
    );
  }
}

/** What belongs to a dotenv file and not to a value; the backend would take it as part of the secret. */
function refuseSyntax(name: StoredSecretName, given: string): void {
  // As a shell of any system, dotenv, YAML and JSON have it.
  const [, prefix = '', sign = ''] =
    /^(?:export\s+|set\s+|\$env:|\{\s*)?["']?(\w+)["']?\s*([=:])/i.exec(given) ?? [];
  if (isSecretName(prefix.toUpperCase())) {
    throw new UserError(`the value of ${name} begins with "${prefix}${sign}"; give the value alone`);
  }
  if (/\p{Cc}/u.test(given)) {
    throw new UserError(`${name} has a line break or another control character; give one line`);
  }
  // Of a manifest, a command or a line with several: no secret that was drawn has it.
  const inside = nameOfSecret.exec(given)?.[0];
  if (inside !== undefined) {
    throw new UserError(`the value of ${name} has the name ${inside} in it; give the value alone`);
  }
  // Word processors and web pages set the others.
  if (/^(["'`]).*\1$|^[“”„‟‘’‚‛«»].*[“”‘’«»]$/u.test(given)) {
    throw new UserError(`${name} stands in quotes, which would be part of it; give it without`);
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
      `SECRET_KEY has ${given.length} characters, 32 are the least that cannot be guessed; make one: openssl rand -hex 32`,
    );
  }
  return given;
}

/** Shorter ones are placeholders to the authorizer (functions/origin-authorizer/api-keys.ts), which admits none. */
const shortestApiKey = 20;

function apiKey(name: string, given: string): string {
  if (given.length < shortestApiKey || given.includes(',')) {
    throw new UserError(
      `${name} must have ${shortestApiKey} characters or more and no comma; make one: openssl rand -hex 24`,
    );
  }
  return inHeader(name, given);
}

/** Such a key is sent in a header, alone: a space or another alphabet's letter comes of copying more than the key. */
function inHeader(name: string, given: string): string {
  if (!/^[!-~]+$/.test(given)) {
    throw new UserError(
      `${name} has a space or a character that is no ASCII, which no key has; copy the key alone`,
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

/** The characters of a user or password that stand in a URI as they are, and the escapes of all others. */
const encodedForm = /^([A-Za-z0-9._~!'()*-]|%[0-9A-Fa-f]{2})+$/;

/** `100%25` is a password of six characters, or "100%" already encoded: only who gives it knows. */
function percentEncoded(name: string, given: string, encoding: Encoding | undefined): string {
  const couldBeEncoded = encodedForm.test(given);
  if (encoding === 'encoded' && !couldBeEncoded) {
    throw new UserError(
      `${name} is not percent-encoded: it has a character that must be; give it with --raw`,
    );
  }
  if (encoding === undefined && couldBeEncoded && given.includes('%')) {
    throw new UserError(
      `${name} can be read as it is and as percent-encoded; say which: --raw, or --encoded when it comes from the database's URI`,
    );
  }
  if (encoding !== 'encoded') return encodeURIComponent(given);
  try {
    decodeURIComponent(given);
  } catch {
    throw new UserError(`${name} has percent escapes that are no UTF-8; give it as it is, with --raw`);
  }
  return given;
}
