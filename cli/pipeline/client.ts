import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../../errors';
import { callGitHub, type GitHub } from './github';
import type { Door } from '../smoke/door';

/** What the clients' repository is told, and what is remembered of it beside the environment's state. */
const toldSchema = z.strictObject({
  /** The version that the API gives itself. */
  version: z.string(),
  /** The public address of the API. */
  url: z.string(),
  /** The SHA-256 of the OpenAPI document, as hex. */
  openapi_sha256: z.string(),
});

export type ToldClient = z.infer<typeof toldSchema>;

/** The event that the clients' repository waits for. */
const clientEvent = 'update-client';

const documentSchema = z.looseObject({
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.unknown()),
});

/** @returns what there is to tell of an API. @throws UserError when it gives no OpenAPI document. */
export async function readApi(door: Pick<Door, 'get'>, url: string): Promise<ToldClient> {
  const { address, status, text } = await door.get(`${url}/api/v1/openapi.json`);
  const parsed = status === 200 ? documentSchema.safeParse(jsonOf(text)) : undefined;
  if (parsed?.success !== true) {
    throw new UserError(
      `GET ${address} gave no OpenAPI document (HTTP ${status ?? 'none'}), so no client can be made of it; next: npx kairos status`,
    );
  }
  // Of what was parsed: the same document with other white space is no other one.
  const openapi_sha256 = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex');
  return { version: parsed.data.info.version, url, openapi_sha256 };
}

/** @returns what was told last, out of the text that `writtenClient` made; nothing when it was told nothing. */
export function readTold(text: string | undefined): ToldClient | undefined {
  return text === undefined ? undefined : toldSchema.parse(JSON.parse(text));
}

/**
 * Tells the clients' repository of an API whose document is another one than was told last.
 * https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
 * @param repository `owner/name` of the clients; the token must have the right to write its contents.
 * @param always whether it is told although nothing changed.
 * @returns whether it was told.
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
    return undefined; // an error page is no JSON
  }
}
