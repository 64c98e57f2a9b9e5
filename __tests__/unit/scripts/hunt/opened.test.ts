import { strToU8, zipSync } from 'fflate';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { type Hunted, SecretHunt } from '../../../../scripts/hunt/secret-hunt';

const secret = 'qzjxvkwpygbmhf';
const clean = 'no secret here\n';

const folder = mkdtempSync(join(tmpdir(), 'kairos-opened-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** @returns an archive of tar with a file before and after the one with the content. */
function tar(content: string | Uint8Array, ...options: readonly string[]): Buffer {
  const names = ['before', 'file', 'link', 'after'];
  for (const name of ['before', 'after']) writeFileSync(join(folder, name), clean.repeat(50));
  writeFileSync(join(folder, 'file'), content);
  execFileSync('ln', ['-f', join(folder, 'before'), join(folder, 'link')]);
  return execFileSync('tar', ['-cf', '-', ...options, '-C', folder, ...names]);
}

const zip = (content: Uint8Array) =>
  Buffer.from(zipSync({ before: strToU8(clean), file: content, after: strToU8(clean) }, { level: 9 }));

/** @returns the zip archive of the program zip, which writes the sizes after each file, as Terraform does. */
function streamedZip(content: string | Buffer): Buffer {
  return execFileSync('zip', ['-q', '-', '-'], { input: content });
}

/** Searches a text that arrives in parts of a size. */
function search(content: Buffer, size = 65_536): Promise<Hunted> {
  const parts = Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
    content.subarray(at * size, (at + 1) * size),
  );
  return new SecretHunt(new Map([['PASSWORD', secret]])).search([{ name: 'file', read: () => parts }]);
}

/** @returns a file in an archive, whose header says its size in digits or as a number. */
function member(content: Buffer, type: string, size: 'digits' | 'number' = 'digits'): Buffer {
  const header = Buffer.alloc(512);
  if (size === 'digits') header.write(content.length.toString(8).padStart(11, '0'), 124);
  else header.writeUIntBE(content.length, 130, 6);
  if (size === 'number') header.writeUInt8(0x80, 124);
  header.write(type, 156);
  header.write('ustar', 257);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const packings: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['a text', (text) => Buffer.from(text)],
  ['gzip', (text) => gzipSync(text)],
  ['the second part of a gzip file', (text) => Buffer.concat([gzipSync(clean), gzipSync(text)])],
  ['zlib, as an object of Git', (text) => deflateSync(text)],
  ['zip', (text) => zip(strToU8(text))],
  ['a zip archive with the sizes after the files', streamedZip],
  ['a gzip file in a tar archive', (text) => tar(gzipSync(text))],
  ['a gzip file in a tar archive of GNU', (text) => tar(gzipSync(text), '--format=gnu')],
  [
    'a tar archive, after a file that fills its blocks',
    (text) => Buffer.concat([member(Buffer.alloc(1_024), '0'), member(gzipSync(text), '0')]),
  ],
  ['a tar archive with a size in binary', (text) => member(gzipSync(text), '0', 'number')],
  [
    'a tar archive, after a link that names the size of its target',
    (text) => Buffer.concat([member(Buffer.alloc(100), '1').subarray(0, 512), member(gzipSync(text), '0')]),
  ],
  ['a layer: a tar archive in gzip', (text) => gzipSync(tar(text))],
  ['a zip archive in a layer', (text) => gzipSync(tar(zip(strToU8(text))))],
  ['a tar archive in a tar archive, in gzip twice', (text) => gzipSync(gzipSync(tar(tar(gzipSync(text)))))],
];

describe.each(packings)('the search in %s', (_, pack) => {
  const packed = pack(`password=${secret}${clean.repeat(2_000)}`);

  it.each([65_536, 7, 1])('finds a secret, in parts of %i bytes', async (size) => {
    expect(await search(packed, size)).toEqual({
      artefacts: 1,
      found: ['PASSWORD is in file'],
      unopened: [],
    });
  });

  it('finds nothing without a secret', async () => {
    expect(await search(pack(clean))).toEqual({ artefacts: 1, found: [], unopened: [] });
  });
});

describe('the search in a packed file', () => {
  const noise = Array.from({ length: 30_000 }, (_, at) => `${at * 7_919}`).join('');

  it.each([
    ['gzip file', gzipSync(secret + noise)],
    ['zip archive', zip(strToU8(secret + noise))],
    ['layer', gzipSync(tar(gzipSync(secret + noise)))],
  ])('finds a secret in the readable part of a %s', async (_, packed) => {
    const { found } = await search(packed.subarray(0, packed.length / 2));
    expect(found).toEqual(['PASSWORD is in file']);
  });

  it('finds a secret in a short file, if a zip archive contains only its beginning', async () => {
    const short = Buffer.concat([gzipSync(secret), Buffer.from('0123456789')]);
    const packed = streamedZip(short);
    const { found } = await search(packed.subarray(0, packed.indexOf('PK\u0007\u0008') - 3));
    expect(found).toEqual(['PASSWORD is in file']);
  });

  it.each([
    ['zstd', 'zstd', ['-q', '-c']],
    ['xz', 'xz', ['-c']],
    ['bzip2', 'bzip2', ['-c']],
  ])('says that it cannot unpack %s', async (kind, program, args) => {
    const packed = execFileSync(program, args, { input: secret });
    expect((await search(packed)).unopened).toEqual([`file: this search cannot unpack ${kind}`]);
  });

  it.each([
    ['gzip file', gzipSync(noise)],
    ['zip archive', zip(strToU8(noise))],
  ])('says that a %s is damaged', async (kind, packed) => {
    packed.fill(0xff, 100, 200);
    expect((await search(packed)).unopened).toEqual([
      expect.stringContaining(`file: a ${kind}: `) as unknown,
    ]);
  });

  it('treats a text that only begins like zlib as text', async () => {
    expect(await search(Buffer.from(`x^w=${secret}`))).toMatchObject({ found: { length: 1 }, unopened: [] });
  });
});
