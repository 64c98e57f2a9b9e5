import { ApiKeys, type ReadParameters } from './api-keys';
import type { Configuration } from './configuration';
import { type AuthorizerEvent, headerOf, type Verdict } from './event';
import { isOneOf } from './hashes';
import { isBelow } from './protected-path';

/**
 * Makes the authorizer of every route: it admits what CloudFront sends, which alone knows the origin's secret,
 * and below the configured prefixes only with an API key besides.
 * @param configuration what the function's environment says.
 * @param readParameters reads the API keys.
 * @param now the time in milliseconds.
 * @returns the function that judges one request; it throws when keys cannot be read, which admits nothing.
 */
export function createAuthorizer(
  configuration: Configuration,
  readParameters: ReadParameters,
  now: () => number = Date.now,
): (event: AuthorizerEvent) => Promise<Verdict> {
  const keys = new ApiKeys(configuration.apiKeyParameters, readParameters, now);

  return async (event) => {
    if (!isOneOf(headerOf(event, configuration.originHeader), configuration.originHashes)) {
      return { isAuthorized: false };
    }
    // A browser asks first with OPTIONS, and cannot put a key on that question.
    if (
      event.requestContext.http.method === 'OPTIONS' ||
      !isBelow(event.rawPath, configuration.apiKeyPrefixes)
    ) {
      return { isAuthorized: true };
    }
    const key = headerOf(event, 'x-api-key');
    return { isAuthorized: key !== '' && (await keys.admit(key)) };
  };
}
