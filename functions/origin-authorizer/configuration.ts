/** The function's environment variables. */
export interface Configuration {
  /** The header that CloudFront adds, in lower case. */
  readonly originHeader: string;
  /** SHA-256 hashes of the current and the previous secret. The function never gets the secrets themselves. */
  readonly originHashes: readonly Buffer[];
  /** Below these paths a request also needs an API key. */
  readonly apiKeyPrefixes: readonly string[];
  /** Full names of the parameters that contain the API keys. */
  readonly apiKeyParameters: readonly string[];
}

/**
 * Reads the environment variables when the function starts. A function that does not start accepts no request.
 * @throws if a variable is missing or invalid.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const originHeader = environment.KAIROS_ORIGIN_HEADER ?? '';
  if (!/^[a-z0-9-]+$/.test(originHeader)) {
    throw new Error('KAIROS_ORIGIN_HEADER must be the name of a header in lower case');
  }
  const originHashes = listOf(environment.KAIROS_ORIGIN_HASHES);
  if (originHashes.length === 0 || !originHashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))) {
    throw new Error('KAIROS_ORIGIN_HASHES must be SHA-256 hashes in hexadecimal, separated by commas');
  }
  return {
    originHeader,
    originHashes: originHashes.map((hash) => Buffer.from(hash, 'hex')),
    apiKeyPrefixes: listOf(environment.KAIROS_API_KEY_PREFIXES),
    apiKeyParameters: listOf(environment.KAIROS_API_KEY_PARAMETERS),
  };
}

function listOf(text = ''): readonly string[] {
  return text.split(',').filter((item) => item !== '');
}
