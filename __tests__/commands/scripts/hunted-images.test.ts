import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HuntedCloud, secret } from '../../support/hunted-cloud';

let cloud: HuntedCloud;
beforeAll(async () => {
  cloud = await HuntedCloud.up();
});
beforeEach(async () => {
  await cloud.bare.reset();
});
afterAll(async () => {
  await cloud.bare.down();
});

const digestOf = (content: string | Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** @returns an archive with one file. */
function tarOf(name: string, content: string | Buffer): Buffer {
  const room = mkdtempSync(join(tmpdir(), 'kairos-layer-'));
  writeFileSync(join(room, name), content);
  const archive = execFileSync('tar', ['-cf', '-', '-C', room, name]);
  rmSync(room, { recursive: true });
  return archive;
}

interface PushedImage {
  readonly layers?: readonly Buffer[];
  readonly configuration?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Whether its layers are pushed too. @default true */
  readonly isPushed?: boolean;
}

async function pushImage(image: PushedImage): Promise<void> {
  const { layers = [], configuration = '{}', annotations = {}, isPushed = true } = image;
  const ecr = new ECRClient(cloud.bare.clientOptions);
  const repositoryName = 'kairos';
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  const { endpoint } = cloud.bare.clientOptions;
  for (const body of [configuration, ...(isPushed ? layers : [])]) {
    const address = `${endpoint}/v2/${repositoryName}/blobs/uploads/?digest=${digestOf(body)}`;
    const { ok } = await fetch(address, { method: 'POST', body });
    expect(ok).toBe(true);
  }
  const described = (content: string | Buffer) => ({
    digest: digestOf(content),
    size: content.length,
    mediaType: 'application/octet-stream',
  });
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: described(configuration),
    layers: layers.map(described),
    annotations,
  });
  await ecr.send(new PutImageCommand({ repositoryName, imageManifest }));
}

describe('the search in the images', () => {
  it.each<[string, (layer: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['no compression', (layer) => layer],
  ])('searches the layers of an image, with %s', async (_, encode) => {
    const layer = encode(tarOf('module.py.gz', gzipSync(`x = "${secret}"`)));
    await pushImage({ layers: [encode(tarOf('module.py', 'x = 1')), layer] });
    expect(await cloud.search()).toEqual({
      artefacts: 4,
      found: [`PASSWORD is in blob ${digestOf(layer)} in ECR`],
      unopened: [],
    });
  });

  it('says that it cannot unpack a layer in zstd', async () => {
    const layer = execFileSync('zstd', ['-q', '-c'], { input: tarOf('module.py', 'x = 1') });
    await pushImage({ layers: [layer] });
    expect((await cloud.search()).unopened).toEqual([
      `blob ${digestOf(layer)} in ECR: this search cannot unpack zstd`,
    ]);
  });

  it('searches the configuration of an image', async () => {
    const configuration = JSON.stringify({ config: { Env: [`PASSWORD=${secret}`] } });
    await pushImage({ configuration });
    expect((await cloud.search()).found).toEqual([`PASSWORD is in blob ${digestOf(configuration)} in ECR`]);
  });

  it('searches the manifest of an image', async () => {
    await pushImage({ annotations: { password: secret } });
    expect((await cloud.search()).found).toEqual([
      expect.stringMatching(/^PASSWORD is in manifest sha256:/) as unknown,
    ]);
  });

  it('ends with an error if a layer cannot be read', async () => {
    await pushImage({ layers: [Buffer.from('layer')], isPushed: false });
    await expect(cloud.search()).rejects.toThrow(digestOf('layer'));
  });
});
