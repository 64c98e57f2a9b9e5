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

  it('is named by repository and tag, on the daemon and in the registry', () => {
    expect(image.name).toBe('registry.example/kairos:src-0123');
    expect(pushed.name).toBe('registry.example/kairos:src-0123');
  });

  it('is built and pushed again only for another content', () => {
    expect(image.triggers).toEqual({ content: 'src-0123' });
    expect(pushed.triggers).toEqual({ content: 'src-0123' });
    expect(image.lifecycle).toEqual({ ignore_changes: ['build'] });
  });

  it('is pushed after it is built, without asking the daemon for anything', () => {
    expect(pushed.depends_on).toEqual([expect.stringMatching(/^docker_image\./)]);
    expect(JSON.stringify({ ...pushed, depends_on: [] })).not.toContain('docker_image.');
  });

  it('stays in the registry when another one replaces it', () => {
    expect(pushed.keep_remotely).toBe(true);
  });

  it('is built for its platform by what the context holds', () => {
    expect(image.platform).toBe('linux/arm64');
    expect(image.build).toMatchObject({
      dockerfile: 'kairos_image/Dockerfile',
      platform: 'linux/arm64',
      build_args: { BASE_IMAGE: 'python:3.12' },
      labels: { 'org.opencontainers.image.version': '1.2.3' },
    });
  });

  it('is built from the staged context, beside the Terraform that names it', () => {
    expect(image.build).toHaveProperty('context', expect.stringMatching(/^assets\/.*\/src-0123\/?$/));
  });

  it('is built without a builder of its own, so that the push is no index', () => {
    expect(image.build).not.toHaveProperty('builder');
  });

  it('says nothing about the machine that synthesized it', () => {
    expect(template.json).not.toContain(contextFolder);
  });

  it('carries no login', () => {
    expect(pushed).not.toHaveProperty('auth_config');
    expect(image.build).not.toHaveProperty('auth_config');
  });
});
