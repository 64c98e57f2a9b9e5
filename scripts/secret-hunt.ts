import { strFromU8, unzipSync } from 'fflate';

/** Something that a run writes where somebody else may read it. */
export interface Artefact {
  /** A value to search for, which no other content contains. */
  readonly name: string;
  readonly read: () => Promise<Buffer>;
}

/** The result of a search. */
export interface Hunted {
  /** How many artefacts were searched. */
  readonly artefacts: number;
  /** Which secret is in which artefact, a line each. */
  readonly found: readonly string[];
}

/** The length of the pieces that are searched for. Shorter ones occur in texts by chance. */
const pieceLength = 8;

/** Searches for secrets, whole and in pieces. */
export class SecretHunt {
  private readonly pieces: (readonly [string, readonly string[]])[] = [];
  private readonly searched = new Set<string>();

  /** @param secrets the values by name. They must be random letters; words would be found everywhere. */
  constructor(secrets: ReadonlyMap<string, string> = new Map()) {
    this.know(secrets);
  }

  /** Adds secrets to the search. @param length of the pieces; hexadecimal digits occur by chance in checksums. */
  know(secrets: ReadonlyMap<string, string>, length = pieceLength): void {
    for (const [name, value] of secrets) this.pieces.push([name, piecesOf(value, length)]);
  }

  /** Searches artefacts, each once, however often it is passed. */
  async search(artefacts: Iterable<Artefact> | AsyncIterable<Artefact>): Promise<Hunted> {
    const found: string[] = [];
    let count = 0;
    for await (const { name, read } of artefacts) {
      if (this.searched.has(name)) continue;
      this.searched.add(name);
      count += 1;
      for (const secret of this.secretsIn(await read())) found.push(`${secret} stands in ${name}`);
    }
    return { artefacts: count, found };
  }

  private secretsIn(content: Buffer): readonly string[] {
    const texts = [content, ...packedIn(content)];
    return this.pieces
      .filter(([, pieces]) => texts.some((text) => pieces.some((piece) => text.includes(piece))))
      .map(([name]) => name);
  }
}

function piecesOf(value: string, length: number): readonly string[] {
  if (value === '') throw new Error('an empty secret stands everywhere');
  const count = Math.max(1, value.length - length + 1);
  return Array.from({ length: count }, (_, at) => value.slice(at, at + length));
}

/** A Terraform plan is an archive, whose content must be unpacked first. */
function packedIn(content: Buffer): readonly string[] {
  const isArchive = content.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004';
  return isArchive ? Object.values(unzipSync(content)).map((entry) => strFromU8(entry, true)) : [];
}

/** @returns the cell of a table for the result of a search. */
export function huntWords({ artefacts, found }: Hunted): string {
  return `${found.length} in ${artefacts} artefacts`;
}
