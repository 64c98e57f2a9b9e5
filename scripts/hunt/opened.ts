import { Inflated, ZipMembers } from './compressed';
import type { Sink, Within } from './sink';
import { isTar, TarMembers } from './tar-members';

/** How many bytes are needed to recognize every kind. */
const headLength = 512;

interface Kind {
  readonly is: (head: Buffer) => boolean;
  /** @returns a sink that takes the bytes, and passes on the texts in them. */
  readonly open: (within: Within) => Sink | undefined;
}

const beginsWith =
  (...bytes: readonly number[]) =>
  (head: Buffer) =>
    bytes.every((byte, at) => head[at] === byte);

const notOpened = (name: string) => (within: Within) => {
  within.unopened(`this search cannot unpack ${name}`);
  return undefined;
};

const kinds: readonly Kind[] = [
  { is: beginsWith(0x1f, 0x8b, 0x08), open: (within) => new Inflated('gzip', within) },
  { is: beginsWith(0x50, 0x4b, 0x03, 0x04), open: (within) => new ZipMembers(within) },
  { is: isTar, open: (within) => new TarMembers(within) },
  { is: isZlib, open: (within) => new Inflated('zlib', within) },
  { is: beginsWith(0x28, 0xb5, 0x2f, 0xfd), open: notOpened('zstd') },
  { is: beginsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00), open: notOpened('xz') },
  { is: beginsWith(0x42, 0x5a, 0x68), open: notOpened('bzip2') },
];

/** Passes on a text unchanged, and every text that is packed in it, at any depth. */
export class Opened implements Sink {
  private readonly itself: Sink;
  private head: Buffer | undefined = Buffer.alloc(0);
  private packed: Sink | undefined;

  constructor(private readonly within: Within) {
    this.itself = within.text();
  }

  push(bytes: Uint8Array): void {
    this.itself.push(bytes);
    if (this.head === undefined) {
      this.packed?.push(bytes);
      return;
    }
    this.head = Buffer.concat([this.head, bytes]);
    if (this.head.length >= headLength) this.recognize(this.head);
  }

  end(): void {
    if (this.head !== undefined) this.recognize(this.head);
    this.packed?.end();
    this.itself.end();
  }

  private recognize(head: Buffer): void {
    this.head = undefined;
    const nested = { ...this.within, text: () => new Opened(this.within) };
    this.packed = kinds.find(({ is }) => is(head))?.open(nested);
    this.packed?.push(head);
  }
}

/** https://www.rfc-editor.org/rfc/rfc1950#section-2.2, with the usual window of 32 KB. */
function isZlib(head: Buffer): boolean {
  return head.length > 2 && head[0] === 0x78 && head.readUInt16BE(0) % 31 === 0;
}
