/**
 * Middleware of the ECR client: every call is for the registry of one account, whoever the caller is. Add it in the
 * step `initialize`.
 * @param registryId the account, 12 digits.
 */
export function inRegistry(registryId: string) {
  return <Arguments extends { readonly input: object }, Output>(
      next: (given: Arguments) => Promise<Output>,
    ) =>
    (given: Arguments): Promise<Output> =>
      next({ ...given, input: { registryId, ...given.input } });
}
