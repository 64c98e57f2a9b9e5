import { ApiKeys, type ReadParameters } from './api-keys';
import type { Configuration } from './configuration';
import { type AuthorizerEvent, headerOf, type Verdict } from './event';
import { isOneOf } from './hashes';
import { isBelow } from './protected-path';

/**
 * Creates the authorizer of every route. It accepts requests from CloudFront, which alone knows the origin's secret.
 * Below the configured prefixes it also requires an API key.
 * @param configuration the function's environment variables.
 * @param readParameters reads the API keys.
 * @param now the time in milliseconds.
 * @returns the function that authorizes one request. It throws if the keys cannot be read, so that the request is
 * refused.
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
    // A browser sends OPTIONS first, and cannot add a key to that request.
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
