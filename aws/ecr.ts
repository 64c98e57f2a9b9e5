/**
 * @param accountId the account of the registry, 12 digits.
 * @returns the host name of an account's private registry in a region of the `aws` partition.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export function registryHost(accountId: string, region: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
}

/**
 * @param endpoint the endpoint of the AWS APIs. @default - that of AWS
 * @returns the registry of a local cloud, whose one address serves everything. It is undefined for AWS, and for another
 * endpoint of ECR, such as that of a VPC, which uses the same registry.
 */
export function localRegistry(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const { protocol, hostname, origin } = new URL(endpoint);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) ? origin : undefined;
}

/** @returns the endpoint of the ECR API if it is not that of AWS. @param shell the environment variables. */
export function ecrEndpoint(shell: Readonly<Record<string, string | undefined>>): string | undefined {
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  if (shell.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return [shell.AWS_ENDPOINT_URL_ECR, shell.AWS_ENDPOINT_URL].find((endpoint) => endpoint);
}
