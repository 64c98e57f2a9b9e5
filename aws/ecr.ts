/**
 * @param accountId the account of the registry, 12 digits.
 * @returns the host name of an account's private registry in a region of the `aws` partition.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export function registryHost(accountId: string, region: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
}
