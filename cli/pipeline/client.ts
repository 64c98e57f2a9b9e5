import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../../errors';
import { callGitHub, type GitHub } from './github';
import type { Door } from '../smoke/door';

/** The notification of the clients' repository, which is also stored next to the environment's state. */
const toldSchema = z.strictObject({
  /** The version in the API's document. */
  version: z.string(),
  /** The public URL of the API. */
  url: z.string(),
  /** The SHA-256 of the OpenAPI document, as hex. */
  openapi_sha256: z.string(),
});

export type ToldClient = z.infer<typeof toldSchema>;

/** The event that the clients' repository reacts to. */
const clientEvent = 'update-client';

const documentSchema = z.looseObject({
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.unknown()),
});

/** @returns the notification for an API. @throws UserError if the API has no OpenAPI document. */
export async function readApi(door: Pick<Door, 'get'>, url: string): Promise<ToldClient> {
  const { address, status, text } = await door.get(`${url}/api/v1/openapi.json`);
  const parsed = status === 200 ? documentSchema.safeParse(jsonOf(text)) : undefined;
  if (parsed?.success !== true) {
    throw new UserError(
      `GET ${address} returned no OpenAPI document (HTTP ${status ?? 'none'}), so no client can be generated; next: npx kairos status`,
    );
  }
  // The hash of the parsed document, so that different white space does not count.
  const openapi_sha256 = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex');
  return { version: parsed.data.info.version, url, openapi_sha256 };
}

/** @returns the last notification, from the text that `writtenClient` wrote; undefined if there was none. */
export function readTold(text: string | undefined): ToldClient | undefined {
  return text === undefined ? undefined : toldSchema.parse(JSON.parse(text));
}

/**
 * Notifies the clients' repository if the API's document differs from that of the last notification.
 * https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
 * @param repository `owner/name` of the clients' repository; the token needs write access to its contents.
 * @param always whether to notify it even if nothing has changed.
 * @returns whether it was notified.
 */
export async function tellClient(
  github: GitHub,
  { repository, now, told, always }: TellClientOptions,
): Promise<boolean> {
  if (!always && told?.openapi_sha256 === now.openapi_sha256) return false;
  await callGitHub({ ...github, repository }, 'POST', '/dispatches', {
    event_type: clientEvent,
    client_payload: now,
  });
  return true;
}

export interface TellClientOptions {
  readonly repository: string;
  readonly now: ToldClient;
  readonly told?: ToldClient;
  readonly always: boolean;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an error page is not JSON
  }
}
