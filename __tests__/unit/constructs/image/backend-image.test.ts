import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendImage, type BackendImageProps } from '../../../../constructs/image/backend-image';
import { Template } from '../../../support/template';

const contextFolder = mkdtempSync(join(tmpdir(), 'backend-image-'));
writeFileSync(join(contextFolder, 'Dockerfile'), 'FROM x\n');
afterAll(() => {
  rmSync(contextFolder, { recursive: true });
});

const props: BackendImageProps = {
  repository: 'registry.example/kairos',
  tag: 'src-0123',
  contextFolder,
  dockerfile: 'kairos_image/Dockerfile',
  platform: 'linux/arm64',
  buildArguments: { BASE_IMAGE: 'python:3.12' },
  labels: { 'org.opencontainers.image.version': '1.2.3' },
};

function templateOf(more: Partial<BackendImageProps> = {}): Template {
  return Template.from((scope) => {
    new BackendImage(scope, 'Image', { ...props, ...more });
  });
}

describe('the image of the backend', () => {
  const template = templateOf();
  const image = template.resource('docker_image');
  const pushed = template.resource('docker_registry_image');

  it('has the same name in Docker and in the registry, with repository and tag', () => {
    expect(image.name).toBe('registry.example/kairos:src-0123');
    expect(pushed.name).toBe('registry.example/kairos:src-0123');
  });

  it('is built and pushed again only for other content', () => {
    expect(image.triggers).toEqual({ content: 'src-0123' });
    expect(pushed.triggers).toEqual({ content: 'src-0123' });
    expect(image.lifecycle).toEqual({ ignore_changes: ['build'] });
  });

  it('is pushed after it is built, without reading anything from Docker', () => {
    expect(pushed.depends_on).toEqual([expect.stringMatching(/^docker_image\./)]);
    expect(JSON.stringify({ ...pushed, depends_on: [] })).not.toContain('docker_image.');
  });

  it('stays in the registry after another one replaces it', () => {
    expect(pushed.keep_remotely).toBe(true);
  });

  it("is built for its platform with the context's own Dockerfile", () => {
    expect(image.platform).toBe('linux/arm64');
    expect(image.build).toMatchObject({
      dockerfile: 'kairos_image/Dockerfile',
      platform: 'linux/arm64',
      build_args: { BASE_IMAGE: 'python:3.12' },
      labels: { 'org.opencontainers.image.version': '1.2.3' },
    });
  });

  it('is built from the staged context, next to the Terraform files that name it', () => {
    expect(image.build).toHaveProperty('context', expect.stringMatching(/^assets\/.*\/src-0123\/?$/));
  });

  it('is built without a separate builder, so that no index is pushed', () => {
    expect(image.build).not.toHaveProperty('builder');
  });

  it('contains nothing of the machine that synthesized it', () => {
    expect(template.json).not.toContain(contextFolder);
  });

  it('contains no login', () => {
    expect(pushed).not.toHaveProperty('auth_config');
    expect(image.build).not.toHaveProperty('auth_config');
  });
});
