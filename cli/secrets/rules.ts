import { isApiKeyName, secretNames, type StoredSecretName } from '../../config/names';
import { UserError } from '../../errors';

/** @throws UserError when there is no such secret. */
export function parseSecretName(text: string): StoredSecretName {
  const found = isApiKeyName(text) ? text : secretNames.find((name) => name === text);
  if (found === undefined) {
    throw new UserError(
      `there is no secret "${text}"; the secrets are ${secretNames.join(', ')} and API_KEY_…`,
    );
  }
  return found;
}

const hostName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** The longest value that a parameter of the standard tier holds, in bytes. */
const longestValue = 4096;

/**
 * Turns what somebody gave into what is stored. The backend takes all of these and goes wrong later: an empty
 * or well-known key signs tokens that anybody can forge, and user and password stand raw in its database URI.
 * @returns the value as it goes into SSM.
 * @throws UserError that says what is wrong, and never the value.
 */
export function storedValue(name: StoredSecretName, given: string): string {
  if (given.trim() === '') throw new UserError(`${name} is empty; give a value`);
  if (/^\s|\s$/.test(given)) throw new UserError(`${name} begins or ends with white space; give it without`);
  if (Buffer.byteLength(given) > longestValue) {
    throw new UserError(`${name} is longer than the ${longestValue} bytes that a parameter holds`);
  }
  switch (name) {
    case 'SECRET_KEY':
      return signingKey(given);
    case 'MONGO_HOST':
      return databaseHost(given);
    case 'MONGO_USERNAME':
    case 'MONGO_PASSWORD':
      return percentEncoded(given);
    case 'RESEND_API_KEY':
      return given;
    default:
      return apiKey(name, given);
  }
}

function signingKey(given: string): string {
  if (given.toLowerCase() === 'changethis') {
    throw new UserError('SECRET_KEY is the placeholder of the backend; make one: openssl rand -hex 32');
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
  return given;
}

function databaseHost(given: string): string {
  if (!hostName.test(given)) {
    throw new UserError(
      'MONGO_HOST is no bare DNS name; give the host of the mongodb+srv address alone, such as cluster0.mongodb.net: no scheme, no user, no port, no path, no IP address',
    );
  }
  return given;
}

/** A value that is percent-encoded already stays as it is, so that what a dotenv file holds can be given again. */
function percentEncoded(given: string): string {
  const encoded = /^([A-Za-z0-9._~!'()*-]|%[0-9A-Fa-f]{2})+$/.test(given);
  return encoded ? given : encodeURIComponent(given);
}
