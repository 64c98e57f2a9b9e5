/**
 * Middleware of ECR's client: what is asked is about the registry of an account, whoever asks. Add it in the step
 * `initialize`.
 * @param registryId the account, 12 digits.
 */
export function inRegistry(registryId: string) {
  return <Arguments extends { readonly input: object }, Output>(
      next: (given: Arguments) => Promise<Output>,
    ) =>
    (given: Arguments): Promise<Output> =>
      next({ ...given, input: { registryId, ...given.input } });
}
