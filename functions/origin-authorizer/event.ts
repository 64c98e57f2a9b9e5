/**
 * What the authorizer reads of a REQUEST event in payload format 2.0. The gateway lower-cases header names and
 * joins a repeated header's values by commas.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export interface AuthorizerEvent {
  /** The path of the request, without its query string. */
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string } };
}

/** The simple response of payload format 2.0: `false` is answered with 403. */
export interface Verdict {
  readonly isAuthorized: boolean;
}

/** @returns a header's value, or the empty string when the request carries none. */
export function headerOf(event: AuthorizerEvent, name: string): string {
  const { headers } = event;
  return headers !== undefined && Object.hasOwn(headers, name) ? (headers[name] ?? '') : '';
}
