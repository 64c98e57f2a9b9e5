import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { CloudRecord } from '../../cli/local/home';
import { UserError } from '../../errors';
import type { HuntedAccount } from './accounts';
import { filesBelow } from './files';
import { functions } from './functions';
import { imageBlobs } from './image-blobs';
import { logStreams } from './log-streams';
import { type Artefact, type Hunted, huntWords, SecretHunt } from './secret-hunt';
import { storedStates } from './stored-states';

export interface CloudHuntProps {
  /** The folders to which commands write. */
  readonly folders: readonly string[];
  /** Accounts besides the local cloud's own. @default - none */
  readonly accounts?: readonly HuntedAccount[];
}

/** Searches everything that the commands of a script have written in a local cloud for the secrets of that script. */
export class CloudHunt {
  private readonly hunt = new SecretHunt();
  private readonly heard: Artefact[] = [];

  constructor(private readonly props: CloudHuntProps) {}

  /** Adds secrets to the search. An artefact that was searched earlier cannot contain a secret that was made later. */
  know(secrets: ReadonlyMap<string, string>, length?: number): void {
    this.hunt.know(secrets, length);
  }

  /** Keeps a text for the next search, such as the output of a command. */
  hear(text: string): void {
    this.heard.push({ name: `output ${randomUUID()}`, read: () => [Buffer.from(text)] });
  }

  /**
   * Searches what is new since the last search: texts, files, objects of Git, and in each account every version in the
   * state buckets, the logs, the images and the functions.
   */
  search(record: CloudRecord): Promise<Hunted> {
    return this.hunt.search(this.left(record));
  }

  private async *left(record: CloudRecord): AsyncGenerator<Artefact> {
    yield* this.heard.splice(0);
    for (const folder of this.props.folders) if (existsSync(folder)) yield* filesBelow(folder);
    for (const account of [record, ...(this.props.accounts ?? [])]) {
      yield* storedStates(record, account);
      yield* logStreams(record, account);
      yield* imageBlobs(record, account);
      yield* functions(record, account);
    }
  }
}

/** @returns the cell of a table for a search. @throws UserError with each secret that was found, and where. */
export function requireNone(hunted: Hunted): string {
  if (hunted.found.length > 0) throw new UserError(hunted.found.join('\n'));
  return huntWords(hunted);
}
