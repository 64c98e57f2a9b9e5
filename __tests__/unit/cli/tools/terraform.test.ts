import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  findProviderMirrors,
  findTerraform,
  terraformCommand,
  writeTerraformConfiguration,
} from '../../../../cli/tools/terraform';

const room = mkdtempSync(join(tmpdir(), 'kairos-terraform-'));

/** A program with the name, which only prints a version. */
function fakeTerraform(version: string): string {
  const file = join(room, `terraform-${version}`);
  writeFileSync(file, `#!/bin/sh\necho '{ "terraform_version": "${version}" }'\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('findTerraform', () => {
  it.each(['1.11.0', '1.11.4', '1.12.0', '2.0.0'])('accepts %s', async (version) => {
    const command = fakeTerraform(version);
    const shell = { ...process.env, TERRAFORM_BINARY_NAME: command };
    await expect(findTerraform(shell)).resolves.toEqual({ command, version });
  });

  it.each(['1.10.5', '0.15.0', '1.9.12'])('refuses %s and says what to do', async (version) => {
    const shell = { ...process.env, TERRAFORM_BINARY_NAME: fakeTerraform(version) };
    await expect(findTerraform(shell)).rejects.toThrow(
      new RegExp(
        `1\\.11\\.0 or newer is needed: .* is ${version.replaceAll('.', String.raw`\.`)}; install it`,
      ),
    );
  });

  it('says what to install if there is none', async () => {
    const shell = { ...process.env, TERRAFORM_BINARY_NAME: join(room, 'none') };
    await expect(findTerraform(shell)).rejects.toThrow(
      /no ".*none" was found; install it .*, or unset TERRAFORM_BINARY_NAME/,
    );
  });

  it('accepts a path with spaces, and a symbolic link', async () => {
    const command = join(room, 'terraform of ü');
    symlinkSync(fakeTerraform('1.11.4'), command);
    const shell = { ...process.env, TERRAFORM_BINARY_NAME: command };
    await expect(findTerraform(shell)).resolves.toEqual({ command, version: '1.11.4' });
  });

  const file = (name: string, text: string, mode: number) => {
    writeFileSync(join(room, name), text, { mode });
    return join(room, name);
  };
  it.each([
    ['a folder', room, 'is not a program that you may run'],
    [
      'a file without permission to execute it',
      file('plain', '', 0o644),
      'is not a program that you may run',
    ],
    ['another program', 'true', 'did not print a version'],
    ['a program with its arguments', 'terraform -no-color', 'was found'],
    ['a path with ~, which no shell has expanded', '~/bin/terraform', 'was found'],
    ['a script whose interpreter does not exist', file('script', '#!/nowhere/sh\n', 0o755), 'was found'],
    ['a program for another machine', file('foreign', '\u007fELF', 0o755), 'did not print a version'],
  ])('refuses %s', async (_, command, fault) => {
    const shell = { ...process.env, TERRAFORM_BINARY_NAME: command };
    await expect(findTerraform(shell)).rejects.toThrow(
      new RegExp(`is needed: .*${fault}; install it .*, or unset TERRAFORM_BINARY_NAME$`),
    );
  });
});

describe('the command of Terraform', () => {
  const named = (name: string) => terraformCommand({ ...process.env, TERRAFORM_BINARY_NAME: name });

  it('is the name that is searched for on the path', () => {
    expect(named('tofu')).toBe('tofu');
  });

  it('is the same program in the folder of each stack, if it is given as a relative path', () => {
    expect(named('bin/terraform')).toBe(resolve('bin/terraform'));
  });
});

describe('a mirror of the provider', () => {
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

  it('is found in the folders of Terraform itself', () => {
    const data = join(room, 'data');
    const mirror = join(data, 'terraform', 'plugins');
    mkdirSync(join(mirror, 'registry.terraform.io', 'hashicorp', 'aws', '5.100.0', platform), {
      recursive: true,
    });
    expect(findProviderMirrors({ HOME: join(room, 'home'), XDG_DATA_DIRS: data }).aws).toBe(mirror);
  });

  it('is ignored with another version', () => {
    const data = join(room, 'older');
    const mirror = join(data, 'terraform', 'plugins');
    mkdirSync(join(mirror, 'registry.terraform.io', 'hashicorp', 'aws', '5.99.0', platform), {
      recursive: true,
    });
    expect(findProviderMirrors({ HOME: join(room, 'home'), XDG_DATA_DIRS: data }).aws).not.toBe(mirror);
  });

  it('serves the provider that it has, and the registry serves the others', () => {
    const text = readFileSync(writeTerraformConfiguration(room, { aws: '/a mirror' }), 'utf8');
    expect(text).toMatch(
      /filesystem_mirror \{\s+path +="? ?"\/a mirror"\s+include = \["registry.terraform.io\/hashicorp\/aws"\]/,
    );
    expect(text).toMatch(/direct \{\s+exclude = \["registry.terraform.io\/hashicorp\/aws"\]/);
  });

  it.each([
    ['unpacked', join('3.6.2', platform)],
    ['as written by "terraform providers mirror"', `terraform-provider-docker_3.6.2_${platform}.zip`],
  ])('can be named for the docker provider, %s', (_, entry) => {
    const mirror = mkdtempSync(join(room, 'docker-'));
    mkdirSync(join(mirror, 'registry.terraform.io', 'kreuzwerker', 'docker', entry), { recursive: true });
    const { docker } = findProviderMirrors({ KAIROS_DOCKER_PROVIDER_MIRROR: mirror });
    expect(docker).toBe(mirror);
    const text = readFileSync(writeTerraformConfiguration(room, { aws: '/aws', docker }), 'utf8');
    expect(text).toMatch(
      /exclude = \["registry.terraform.io\/hashicorp\/aws", "registry.terraform.io\/kreuzwerker\/docker"\]/,
    );
    expect(text.match(/filesystem_mirror \{/g)).toHaveLength(2);
  });

  it('that is named and has no docker provider is refused', () => {
    expect(() => findProviderMirrors({ KAIROS_DOCKER_PROVIDER_MIRROR: '/none' })).toThrow(
      /KAIROS_DOCKER_PROVIDER_MIRROR is "\/none", which has no registry.terraform.io\/kreuzwerker\/docker 3.6.2/,
    );
  });

  it('is not configured if there is none, and the registry serves everything', () => {
    const text = readFileSync(writeTerraformConfiguration(room, {}), 'utf8');
    expect(text).not.toContain('provider_installation');
  });
});
