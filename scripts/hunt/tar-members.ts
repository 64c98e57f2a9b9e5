import type { Sink, Within } from './sink';

const blockSize = 512;
/** Links, devices and folders have no content, whatever their size says. */
const withoutContent = new Set(['1', '2', '3', '4', '5', '6']);

/** @returns whether a text begins like a tar archive. */
export function isTar(head: Buffer): boolean {
  return head.toString('latin1', 257, 262) === 'ustar';
}

/**
 * Passes on the content of each file in a tar archive.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
export class TarMembers implements Sink {
  private header = Buffer.alloc(0);
  private member: Sink | undefined;
  /** The rest of the file's content, and of the zeros after it. */
  private left = { content: 0, padding: 0 };

  constructor(private readonly within: Within) {}

  push(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(this.take(rest));
  }

  end(): void {
    this.member?.end();
    this.member = undefined;
  }

  /** @returns how many bytes were taken. */
  private take(bytes: Uint8Array): number {
    if (this.left.content > 0) {
      const content = bytes.subarray(0, this.left.content);
      this.member?.push(content);
      this.left.content -= content.length;
      if (this.left.content === 0) this.end();
      return content.length;
    }
    if (this.left.padding > 0) {
      const skipped = Math.min(this.left.padding, bytes.length);
      this.left.padding -= skipped;
      return skipped;
    }
    const part = bytes.subarray(0, blockSize - this.header.length);
    this.header = Buffer.concat([this.header, part]);
    if (this.header.length === blockSize) this.begin();
    return part.length;
  }

  private begin(): void {
    const content = sizeIn(this.header);
    this.header = Buffer.alloc(0);
    this.left = { content, padding: (blockSize - (content % blockSize)) % blockSize };
    if (content > 0) this.member = this.within.text();
  }
}

function sizeIn(header: Buffer): number {
  if (withoutContent.has(header.toString('latin1', 156, 157))) return 0;
  // Digits, or for a large file a number whose first bit is set. The zeros at the end of an archive have neither.
  const isNumber = header.readUInt8(124) >= 0x80;
  return isNumber ? header.readUIntBE(130, 6) : parseInt(header.toString('latin1', 124, 136), 8) || 0;
}
