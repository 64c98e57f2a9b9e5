import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findProviderMirrors, writeTerraformConfiguration } from '../../../cli/tools/terraform';
import { run, type RunResult, type Shell } from '../../../cli/process';
import type { DockerHost } from './host';
import type { SynthesizedImage } from './built-image';

/**
 * A folder with `registry.terraform.io/kreuzwerker/docker`, as written by `terraform providers mirror`, for a
 * machine that cannot reach Terraform's registry.
 */
export const providerMirror = process.env.KAIROS_DOCKER_PROVIDER_MIRROR;

const stackSchema = z.object({
  resource: z.object({
    docker_image: z.record(z.string(), z.object({ build: z.record(z.string(), z.unknown()) })),
  }),
});

/** The synthesized stack, run by Terraform with the real provider and a registry on this machine. */
export class ProviderRun {
  private readonly shell: Shell;

  constructor(
    host: DockerHost,
    private readonly image: SynthesizedImage,
  ) {
    const configuration = writeTerraformConfiguration(image.folder, findProviderMirrors(process.env));
    this.keepStateHere();
    if (host.networkArguments.length > 0) this.useHostNetwork();
    this.shell = {
      ...host.shell,
      TF_CLI_CONFIG_FILE: configuration,
      TF_IN_AUTOMATION: '1',
      // The provider only accepts an ECR token as a password that begins like this.
      DOCKER_REGISTRY_USER: 'AWS',
      DOCKER_REGISTRY_PASS: 'eyJub25lIjp0cnVlfQ==',
    };
  }

  terraform(...args: readonly string[]): Promise<RunResult> {
    return run('terraform', [`-chdir=${this.image.folder}`, ...args], { shell: this.shell });
  }

  private keepStateHere(): void {
    this.override('state', { terraform: { backend: { local: {} } } });
  }

  /** A daemon without a bridge only has the host's network. The stack itself does not contain this. */
  private useHostNetwork(): void {
    const { resource } = stackSchema.parse(
      JSON.parse(readFileSync(join(this.image.folder, 'cdk.tf.json'), 'utf8')),
    );
    const images = Object.entries(resource.docker_image).map(([id, { build }]) => [
      id,
      { build: { ...build, network_mode: 'host' } },
    ]);
    this.override('network', { resource: { docker_image: Object.fromEntries(images) as unknown } });
  }

  private override(name: string, content: object): void {
    writeFileSync(join(this.image.folder, `${name}_override.tf.json`), JSON.stringify(content));
  }
}
