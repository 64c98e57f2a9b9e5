import { Gunzip, Unzip, UnzipInflate, Unzlib } from 'fflate';
import type { Sink, Within } from './sink';

/**
 * Passes on the content of a gzip file, or of a zlib stream such as an object of Git. If the file is cut off, what it
 * still contains is passed on.
 */
export class Inflated implements Sink {
  private readonly content: Sink;
  private readonly stream: Gunzip | Unzlib;
  private isReadable = true;

  constructor(
    kind: 'gzip' | 'zlib',
    private readonly within: Within,
  ) {
    this.content = within.text();
    const pass = (bytes: Uint8Array) => {
      this.content.push(bytes);
    };
    this.stream = kind === 'gzip' ? new Gunzip(pass) : new Unzlib(pass);
  }

  push(bytes: Uint8Array): void {
    if (!this.isReadable) return;
    try {
      this.stream.push(bytes);
    } catch (error) {
      this.isReadable = false;
      // Any text can begin like a zlib stream, which is recognized by its first two bytes alone.
      if (this.stream instanceof Gunzip) this.within.unopened(`a gzip file: ${String(error)}`);
    }
  }

  end(): void {
    this.content.end();
  }
}

/** Passes on each file in a zip archive, such as a plan of Terraform or the package of a function. */
export class ZipMembers implements Sink {
  private readonly members = new Set<Sink>();
  private readonly stream: Unzip;
  private isReadable = true;

  constructor(private readonly within: Within) {
    this.stream = new Unzip((file) => {
      const member = within.text();
      this.members.add(member);
      file.ondata = (error, bytes, isLast) => {
        if (error !== null) throw error;
        member.push(bytes);
        if (isLast) this.close(member);
      };
      file.start();
    });
    this.stream.register(UnzipInflate);
  }

  push(bytes: Uint8Array): void {
    if (!this.isReadable) return;
    try {
      this.stream.push(bytes);
    } catch (error) {
      this.isReadable = false;
      this.within.unopened(`a zip archive: ${String(error)}`);
    }
  }

  end(): void {
    for (const member of this.members) this.close(member);
  }

  private close(member: Sink): void {
    this.members.delete(member);
    member.end();
  }
}
