import type { IncomingHttpHeaders } from 'node:http';

/** A way in which a valid call can fail. */
export const faultKinds = ['throttled', '500', '503', 'reset', 'slow'] as const;

export type FaultKind = (typeof faultKinds)[number];

/** The response that replaces that of AWS. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const errors = {
  throttled: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
  '500': { status: 500, code: 'InternalServerError', message: 'An internal error occurred' },
  '503': { status: 503, code: 'ServiceUnavailable', message: 'Try again later' },
} as const;

/** REST services with JSON, by the prefix of their paths: Lambda has years there, API Gateway a version. */
const jsonPath = /^\/(20\d\d-\d\d-\d\d\/(functions|event-source)|v2\/)/;

/**
 * @returns an error in the format of the called service, because a client reads its code to decide whether to retry;
 * undefined for a fault without a response.
 */
export function faultAnswer(
  kind: FaultKind,
  path: string,
  headers: IncomingHttpHeaders,
): FaultAnswer | undefined {
  if (kind === 'reset' || kind === 'slow') return undefined;
  const { status, code, message } = errors[kind];
  if (headers['x-amz-target'] !== undefined || jsonPath.test(path)) {
    return {
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
      body: JSON.stringify({ __type: code, message }),
    };
  }
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  // S3's errors have no root element, and its own code for too many calls.
  const isForm = headers['content-type']?.includes('form-urlencoded') === true;
  const body = isForm || path.startsWith('/20') ? `<ErrorResponse>${error}</ErrorResponse>` : error;
  const isSlowDown = kind === 'throttled' && body === error;
  return {
    status: isSlowDown ? 503 : status,
    headers: { 'content-type': 'text/xml' },
    body: isSlowDown ? body.replace(code, 'SlowDown') : body,
  };
}

/**
 * Generates the same numbers in each run.
 * https://en.wikipedia.org/wiki/Linear_congruential_generator, with the constants of Numerical Recipes
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
