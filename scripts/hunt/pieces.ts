/** The pieces of secrets, and the search for them. */
export class Pieces {
  private readonly named: (readonly [name: string, pieces: readonly Buffer[]])[] = [];
  /** Every part of a piece with this length. A text that has none of them has no piece. */
  private parts = new Set<number>();
  private partLength = 0;
  private shortest = Infinity;
  /** The bytes of the longest piece. */
  longest = 0;

  /** Adds the pieces of a secret. @param length of a piece, in characters. */
  add(name: string, value: string, length: number): void {
    if (value === '') throw new Error('an empty secret is in every text');
    const count = Math.max(1, value.length - length + 1);
    const pieces = Array.from({ length: count }, (_, at) => Buffer.from(value.slice(at, at + length)));
    this.named.push([name, pieces]);
    const lengths = pieces.map((piece) => piece.length);
    this.longest = Math.max(this.longest, ...lengths);
    this.shortest = Math.min(this.shortest, ...lengths);
    this.partLength = Math.min(4, this.shortest);
    this.parts = new Set(this.named.flatMap(([, all]) => all.flatMap((piece) => this.partsOf(piece))));
  }

  /** Adds to `found` the name of each secret that has a piece in a text. */
  find(text: Buffer, found: Set<string>): void {
    if (this.named.length === 0) return;
    // A piece in the text has a part at one of these places, wherever it begins.
    const step = this.shortest - this.partLength + 1;
    for (let at = 0; at + this.partLength <= text.length; at += step) {
      if (!this.parts.has(text.readUIntLE(at, this.partLength))) continue;
      const around = text.subarray(Math.max(0, at - this.longest), at + this.longest);
      for (const [name, pieces] of this.named)
        if (!found.has(name) && pieces.some((piece) => around.includes(piece))) found.add(name);
    }
  }

  private partsOf(piece: Buffer): readonly number[] {
    const count = piece.length - this.partLength + 1;
    return Array.from({ length: count }, (_, at) => piece.readUIntLE(at, this.partLength));
  }
}
