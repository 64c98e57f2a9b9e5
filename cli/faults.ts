import { fileFaultOf, messageOf, UserError } from '../errors';
import { environmentNames } from '../config/names';
import { callOf } from './aws-calls';

/** Errors of a package, of a connection or of AWS that the user can correct: https://nodejs.org/api/errors.html */
interface Described {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const connections: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no such host, or no network',
  EAI_AGAIN: 'there is no such host, or no network',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'there is no network',
};

const expired = 'the credentials have expired; sign in again ("aws sso login")';
const unknownKey = 'AWS does not know the access key (any more); sign in again ("aws sso login")';
const badSignature =
  'the secret access key or the clock of this machine is wrong; sign in again, and see the clock: npx kairos doctor';

/**
 * What AWS refuses before it evaluates permissions, with 400 or 403, depending on the service:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
const credentials: Readonly<Record<string, string>> = {
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  InvalidAccessKeyId: unknownKey,
  InvalidClientTokenId: unknownKey,
  UnrecognizedClientException: unknownKey,
  InvalidSignatureException: badSignature,
  RequestExpired: badSignature,
  RequestTimeTooSkewed: badSignature,
  SignatureDoesNotMatch: badSignature,
};

/** Resources that are missing if an account or a local cloud is empty again, by the error, with the resource's name. */
const absent: Readonly<Record<string, (resource: string) => string>> = {
  NoSuchBucket: (resource) => {
    const [bucket = ''] = resource.split('/');
    const environment = environmentNames.find((name) => bucket.endsWith(`-${name}`));
    const bootstrap =
      environment === undefined ? 'npx kairos bootstrap' : `npx kairos bootstrap ${environment}`;
    return `there is no such bucket; next: ${bootstrap}, then if it was deployed before: npx kairos recover ${environment ?? 'foundation'}`;
  },
  RepositoryNotFoundException: () => 'there is no such repository; next: npx cdktf deploy kairos-foundation',
};

/**
 * @returns the error for the user: one line if they can correct it, wherever it was thrown; undefined if it is a bug of
 * this program.
 */
export function userErrorOf(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (typeof error !== 'object' || error === null) return undefined;
  const described: Described = error;
  const text =
    ofPackage(described, error) ?? fileFaultOf(error) ?? ofConnection(described) ?? ofAws(described, error);
  if (text !== undefined) return new UserError(text, { cause: error });
  return described.cause === undefined ? undefined : userErrorOf(described.cause);
}

function ofAws({ name, $metadata }: Described, error: object): string | undefined {
  const call = callOf(error);
  if ($metadata === undefined && call === undefined) return undefined;
  const what =
    call === undefined ? 'AWS' : `${call.action}${call.resource === '' ? '' : ` on ${call.resource}`}`;
  const message = messageOf(error).trim();
  const reason = credentials[String(name)] ?? absent[String(name)]?.(call?.resource ?? '');
  if (reason !== undefined) return `${what} failed (${String(name)}): ${reason}`;
  if (/denied|unauthorized|forbidden/i.test(String(name)) || $metadata?.httpStatusCode === 403) {
    const right = call === undefined || call.right === call.action ? 'this action' : call.right;
    return `${what} was denied: ${message}; give your role ${right} on it`;
  }
  const code = $metadata?.httpStatusCode;
  const status = code === undefined ? '' : ` (HTTP ${code})`;
  return `${what} failed: ${String(name)}${status}: ${message}`;
}

/** A package that was added to the lock file after the last installation. */
function ofPackage({ code }: Described, error: object): string | undefined {
  const name = /^Cannot find (?:module|package) '([^'./][^']*)'/.exec(messageOf(error))?.[1];
  if (name === undefined || !['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(String(code)))
    return undefined;
  return `the package ${name} is not installed; next: npm ci`;
}

/** @returns whether a call to AWS was sent before it failed. The SDK counts its attempts. */
export function wasAsked(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { $metadata }: Described = error;
  return $metadata !== undefined;
}

function ofConnection({ code, address, port }: Described): string | undefined {
  const reason = typeof code === 'string' ? connections[code] : undefined;
  if (reason === undefined) return undefined;
  const where =
    typeof address === 'string' ? ` to ${address}${typeof port === 'number' ? `:${port}` : ''}` : '';
  return `the connection${where} failed: ${reason} (${String(code)})`;
}
