import { App } from 'cdktf';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { buildArguments } from '../../../cli/image/docker';
import { readBuildContext } from '../../../images/build-context';
import { imageLabels } from '../../../images/labels';
import { ImageStack, type ImageStackProps } from '../../../stacks/image-stack';
import { Template, testApp } from '../../support/template';

const root = resolve(__dirname, '../../..');
const stagingFolder = mkdtempSync(join(tmpdir(), 'image-stack-'));
afterAll(() => {
  rmSync(stagingFolder, { recursive: true });
});

const context = readBuildContext({
  source: join(root, 'examples/backend'),
  overlay: join(root, 'images/backend'),
  platform: 'linux/amd64',
  baseImage: 'python:3.12',
});

function propsOf(more: Partial<ImageStackProps> = {}): ImageStackProps {
  return {
    accountId: '000000000000',
    region: 'eu-west-2',
    repository: 'github.com/example/infrastructure',
    imageRepository: 'kairos',
    context,
    stagingFolder,
    ...more,
  };
}

function templateOf(more: Partial<ImageStackProps> = {}): Template {
  return Template.of(new ImageStack(testApp(), propsOf(more)));
}

const buildSchema = z.object({ labels: z.record(z.string(), z.string()), context: z.string() });

describe('the image stack', () => {
  const template = templateOf();

  it('gives the docker provider only the address of the registry', () => {
    expect(template.providers('docker')).toEqual([
      { registry_auth: [{ address: '000000000000.dkr.ecr.eu-west-2.amazonaws.com' }] },
    ]);
  });

  it('pushes to the repository of the account', () => {
    expect(template.resource('docker_registry_image').name).toBe(
      `000000000000.dkr.ecr.eu-west-2.amazonaws.com/kairos:${context.tag}`,
    );
  });

  it("keeps its state in the account's bucket, not in an environment's", () => {
    expect(template.terraform).toMatchObject({
      backend: { s3: { bucket: 'kairos-tfstate-000000000000-shared', key: 'kairos-image.tfstate' } },
    });
  });

  it('contains only the image and its push', () => {
    expect(template.addresses.map((address) => address.split('.')[0]).sort()).toEqual([
      'docker_image',
      'docker_registry_image',
    ]);
  });

  it('has neither data sources nor variables, which could contain a token', () => {
    expect(template.variables).toEqual([]);
    expect(JSON.parse(template.json)).not.toHaveProperty('data');
  });

  it('outputs tag and digest', () => {
    expect(template.outputs.image_tag?.value).toBe(context.tag);
    expect(template.outputs.image_digest?.value).toMatch(/^\$\{docker_registry_image\..+\.sha256_digest\}$/);
  });

  it('labels the image with the version of the backend', () => {
    const { labels } = buildSchema.parse(template.resource('docker_image').build);
    expect(labels).toEqual({ 'org.opencontainers.image.version': '0.6.3' });
  });

  it('labels the image with the revision of the source, if there is one', () => {
    const { labels } = buildSchema.parse(templateOf({ revision: 'abc' }).resource('docker_image').build);
    expect(labels['org.opencontainers.image.revision']).toBe('abc');
  });

  it("uses plain HTTP for a registry with that scheme, and omits the scheme in the image's name", () => {
    const local = templateOf({ registry: 'http://127.0.0.1:5000' });
    expect(local.providers('docker')).toEqual([{ registry_auth: [{ address: 'http://127.0.0.1:5000' }] }]);
    expect(local.resource('docker_image').name).toBe(`127.0.0.1:5000/kairos:${context.tag}`);
  });

  it("gives Docker's own command the same arguments as the provider", () => {
    const image = templateOf({ revision: 'abc' }).resource('docker_image');
    const build = z
      .object({
        dockerfile: z.string(),
        platform: z.string(),
        build_args: z.record(z.string(), z.string()),
        labels: z.record(z.string(), z.string()),
      })
      .parse(image.build);
    const labels = imageLabels(context.version, 'abc');
    const name = z.string().parse(image.name);
    const given = [
      ...Object.entries(build.build_args).map(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...Object.entries(build.labels).map(([name, value]) => ['--label', `${name}=${value}`]),
    ];
    // The order of the pairs does not matter: the stack's JSON sorts them.
    expect(new Set(buildArguments({ context, folder: '/staged', labels, name }))).toEqual(
      new Set([
        ...['build', '--tag', name, '--platform', build.platform],
        ...['--file', `/staged/${build.dockerfile}`, ...given.flat(), '/staged'],
      ]),
    );
  });

  it('writes the build context next to its Terraform files', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'image-synth-'));
    try {
      const app = new App({ outdir });
      const stack = new ImageStack(app, propsOf());
      app.synth();
      const folder = join(outdir, 'stacks/kairos-image');
      const json: unknown = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
      const image = z
        .object({
          resource: z.object({ docker_image: z.record(z.string(), z.object({ build: buildSchema })) }),
        })
        .parse(json);
      const [{ build } = { build: undefined }] = Object.values(image.resource.docker_image);
      expect(stack.node.id).toBe('kairos-image');
      for (const path of ['kairos/main.py', 'kairos_image/Dockerfile', 'poetry.lock']) {
        expect(existsSync(join(folder, build?.context ?? '', path))).toBe(true);
      }
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});
