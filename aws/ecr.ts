/**
 * @param accountId the account of the registry, 12 digits.
 * @returns the host name of an account's private registry in a region of the `aws` partition.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export function registryHost(accountId: string, region: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
}

/**
 * @param endpoint where the APIs of AWS are answered. @default - by AWS
 * @returns the registry that goes with a cloud on this machine, whose one address answers all; nothing for AWS, and
 * for an endpoint of ECR elsewhere, such as a VPC's, which leads to the same registry.
 */
export function localRegistry(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const { protocol, hostname, origin } = new URL(endpoint);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) ? origin : undefined;
}

/** @returns where the API of ECR is answered, when that is not AWS. @param shell the environment variables. */
export function ecrEndpoint(shell: Readonly<Record<string, string | undefined>>): string | undefined {
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  if (shell.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return [shell.AWS_ENDPOINT_URL_ECR, shell.AWS_ENDPOINT_URL].find((endpoint) => endpoint);
}
