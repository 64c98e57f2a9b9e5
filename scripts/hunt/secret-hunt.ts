import { Opened } from './opened';
import { Pieces } from './pieces';
import type { Sink } from './sink';

/** Something that a run writes where somebody else may read it. */
export interface Artefact {
  /** A value to search for, which no other content contains. */
  readonly name: string;
  readonly read: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The result of a search. */
export interface Hunted {
  /** How many artefacts were searched. */
  readonly artefacts: number;
  /** Which secret is in which artefact, a line each. */
  readonly found: readonly string[];
  /** What is packed in a way that the search cannot unpack, with the reason, a line each. */
  readonly unopened: readonly string[];
}

/** The length of the pieces that are searched for. Shorter ones occur in texts by chance. */
const pieceLength = 8;

/** Searches for secrets, whole and in pieces, also in what is packed. */
export class SecretHunt {
  private readonly pieces = new Pieces();
  private readonly searched = new Set<string>();

  /** @param secrets the values by name. They must be random letters; words would be found everywhere. */
  constructor(secrets: ReadonlyMap<string, string> = new Map()) {
    this.know(secrets);
  }

  /** Adds secrets to the search. @param length of the pieces; hexadecimal digits occur by chance in checksums. */
  know(secrets: ReadonlyMap<string, string>, length = pieceLength): void {
    for (const [name, value] of secrets) this.pieces.add(name, value, length);
  }

  /** Searches artefacts, each once, however often it is passed. */
  async search(artefacts: Iterable<Artefact> | AsyncIterable<Artefact>): Promise<Hunted> {
    const [found, unopened]: [string[], string[]] = [[], []];
    let count = 0;
    for await (const { name, read } of artefacts) {
      if (this.searched.has(name)) continue;
      this.searched.add(name);
      count += 1;
      const secrets = new Set<string>();
      const opened = new Opened({
        text: () => this.searching(secrets),
        unopened: (reason) => unopened.push(`${name}: ${reason}`),
      });
      for await (const bytes of read()) opened.push(bytes);
      opened.end();
      for (const secret of secrets) found.push(`${secret} is in ${name}`);
    }
    return { artefacts: count, found, unopened };
  }

  /** @param found receives the names of the secrets in a text. */
  private searching(found: Set<string>): Sink {
    let tail = Buffer.alloc(0);
    return {
      push: (bytes) => {
        // A piece may begin in one part and end in the next.
        const text = Buffer.concat([tail, bytes]);
        this.pieces.find(text, found);
        tail = text.subarray(Math.max(0, text.length - this.pieces.longest));
      },
      end: () => undefined,
    };
  }
}

/** @returns the result of several searches. */
export function together(all: readonly Hunted[]): Hunted {
  return {
    artefacts: all.reduce((sum, { artefacts }) => sum + artefacts, 0),
    found: all.flatMap(({ found }) => found),
    unopened: all.flatMap(({ unopened }) => unopened),
  };
}

/** @returns the cell of a table for the result of a search. */
export function huntWords({ artefacts, found, unopened }: Hunted): string {
  const left = unopened.length === 0 ? '' : `; not unpacked: ${unopened.join(', ')}`;
  return `${found.length} in ${artefacts} artefacts${left}`;
}
