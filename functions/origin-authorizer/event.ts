/**
 * The part of a REQUEST event in payload format 2.0 that the authorizer reads. The gateway converts header names to
 * lower case, and joins the values of a repeated header with commas.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export interface AuthorizerEvent {
  /** The path of the request, without its query string. */
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string } };
}

/** The simple response of payload format 2.0. `false` is answered with 403. */
export interface Verdict {
  readonly isAuthorized: boolean;
}

/** @returns a header's value, or an empty string if the request does not have it. */
export function headerOf(event: AuthorizerEvent, name: string): string {
  const { headers } = event;
  return headers !== undefined && Object.hasOwn(headers, name) ? (headers[name] ?? '') : '';
}
