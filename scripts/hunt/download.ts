import { UserError } from '../../errors';

/** @returns the content at an address that AWS has returned. @throws UserError if it cannot be read. */
export async function* download(address: string | undefined): AsyncGenerator<Uint8Array> {
  const { ok, status, body } = await fetch(address ?? '');
  if (!ok || body === null)
    throw new UserError(`${new URL(address ?? '').pathname} could not be read: HTTP ${status}`);
  yield* body;
}
