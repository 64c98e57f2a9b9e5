import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { codeOf, messageOf, UserError } from '../../errors';
import { makeFolder } from '../folder';
import { run, type Shell, Stopped } from '../process';
import { tell } from '../terminal';
import { fetchedTerraform, fetchTerraform, pinnedRelease, type TerraformRelease } from './terraform-release';
import { given, givenFolder, homeFolder } from '../variables';
import { isOlder } from './version';

/** Write-only arguments need 1.11: https://developer.hashicorp.com/terraform/language/v1.11.x/upgrade-guides */
const minimumVersion = [1, 11, 0] as const;

/** The providers that a mirror may have, in the versions of the bindings. */
export const providers = {
  aws: { address: 'registry.terraform.io/hashicorp/aws', version: '5.100.0' },
  docker: { address: 'registry.terraform.io/kreuzwerker/docker', version: '3.6.2' },
} as const;

type Provider = keyof typeof providers;

/** The folders that contain `registry.terraform.io` with the providers; undefined for a provider without one. */
export type ProviderMirrors = Readonly<Partial<Record<Provider, string>>>;

/** A suitable Terraform. */
export interface Terraform {
  /** The command that starts it. */
  readonly command: string;
  readonly version: string;
}

/**
 * @returns the command of the Terraform to run, for cdktf's `TERRAFORM_BINARY_NAME`: the one that is named, otherwise a
 * downloaded one if the machine had no suitable one, otherwise the machine's.
 */
export function terraformCommand(shell: Shell): string {
  const named = given(shell.TERRAFORM_BINARY_NAME);
  // A path is relative to the current folder. cdktf would resolve it from the folder of each stack.
  if (named !== undefined) return basename(named) === named ? named : resolve(named);
  const fetched = fetchedTerraform(shell);
  return existsSync(fetched) ? fetched : 'terraform';
}

export interface FindTerraformOptions {
  /** Called with the line that says what is downloaded. @default - it is printed on standard error */
  readonly onLine?: (line: string) => void;
  /** What is downloaded if there is none. @default - the version in mise.toml */
  readonly release?: TerraformRelease;
}

/**
 * Finds the Terraform to run. If the machine has no suitable one, and none is named, HashiCorp's release is downloaded
 * into the project's cache.
 * @throws UserError if there is none, or it is too old, and none can be downloaded.
 */
export async function findTerraform(shell: Shell, options: FindTerraformOptions = {}): Promise<Terraform> {
  const { onLine = tell, release = pinnedRelease } = options;
  const command = terraformCommand(shell);
  const found = await look(command, shell);
  if ('version' in found) return { command, version: found.version };
  const wanted = `Terraform ${minimumVersion.join('.')} or newer is needed: ${found.fault}`;
  const howTo = 'install it (https://developer.hashicorp.com/terraform/install or "mise install")';
  if (given(shell.TERRAFORM_BINARY_NAME) !== undefined)
    throw new UserError(`${wanted}; ${howTo}, or unset TERRAFORM_BINARY_NAME`);
  onLine(`${found.fault}: downloading Terraform ${release.version} from ${release.server}`);
  try {
    return { command: await fetchTerraform(shell, release), version: release.version };
  } catch (error) {
    throw new UserError(`${wanted}, and it could not be downloaded (${messageOf(error)}); ${howTo}`);
  }
}

type Found = { readonly version: string } | { readonly fault: string };

/** Checks the Terraform that would run, without downloading one. @returns its version, or why it is not suitable. */
export function lookForTerraform(shell: Shell): Promise<Found> {
  return look(terraformCommand(shell), shell);
}

async function look(command: string, shell: Shell): Promise<Found> {
  const result = await run(command, ['version', '-json'], {
    // If the configuration file does not exist, Terraform prints a warning before the JSON.
    shell: {
      ...shell,
      TF_CLI_CONFIG_FILE: undefined,
      TF_CLI_ARGS: undefined,
      TF_CLI_ARGS_version: undefined,
      CHECKPOINT_DISABLE: '1',
    },
  }).catch((error: unknown) => {
    if (error instanceof Stopped) throw error;
    return codeOf(error) === 'EACCES'
      ? `"${command}" is not a program that you may run`
      : `no "${command}" was found`;
  });
  if (typeof result === 'string') return { fault: result };
  const version = versionIn(result.stdout);
  if (version === undefined) return { fault: `"${command} version" did not print a version` };
  return isOlder(version, minimumVersion) ? { fault: `"${command}" is ${version}` } : { version };
}

/** @returns the version in the output of `version -json`; undefined if the program is not Terraform. */
function versionIn(json: string): string | undefined {
  try {
    return z.object({ terraform_version: z.string() }).safeParse(JSON.parse(json)).data?.terraform_version;
  } catch {
    return undefined; // not JSON: the caller says what was expected
  }
}

/**
 * Searches for provider mirrors, with the AWS provider unpacked: first where Terraform itself searches
 * (https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories), then in the
 * usual folders for a machine's software. `KAIROS_DOCKER_PROVIDER_MIRROR` may name another one for the docker provider.
 * @throws UserError if it names a folder without the provider.
 */
export function findProviderMirrors(shell: Shell): ProviderMirrors {
  const folders = mirrorFolders(shell);
  return {
    aws: folders.find((folder) => hasProvider(folder, 'aws')),
    docker: namedDockerMirror(shell) ?? folders.find((folder) => hasProvider(folder, 'docker')),
  };
}

function namedDockerMirror({ KAIROS_DOCKER_PROVIDER_MIRROR: named }: Shell): string | undefined {
  if (named === undefined || named === '' || hasProvider(named, 'docker'))
    return named === '' ? undefined : named;
  const { address, version } = providers.docker;
  throw new UserError(
    `KAIROS_DOCKER_PROVIDER_MIRROR is "${named}", which has no ${address} ${version}; docs/image.md says how to make one`,
  );
}

function mirrorFolders(shell: Shell): readonly string[] {
  const home = homeFolder(shell);
  const dataFolders = (given(shell.XDG_DATA_DIRS) ?? '/usr/local/share:/usr/share')
    .split(':')
    .filter(Boolean);
  const implied = [
    join(home, '.terraform.d', 'plugins'),
    join(givenFolder(shell.XDG_DATA_HOME) ?? join(home, '.local', 'share'), 'terraform', 'plugins'),
    join(home, 'Library', 'Application Support', 'io.terraform', 'plugins'),
    ...dataFolders.map((folder) => join(folder, 'terraform', 'plugins')),
  ];
  const roots = ['/opt', '/usr/local', '/usr/local/share', '/usr/share', '/srv'];
  return [...implied, ...roots, ...roots.flatMap(foldersIn)];
}

function foldersIn(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

function hasProvider(folder: string, name: Provider): boolean {
  const { address, version } = providers[name];
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  if (existsSync(join(folder, address, version, platform))) return true;
  // In the layout of "terraform providers mirror". The AWS provider, 700 MB, would be unpacked for each stack.
  const packed = `terraform-provider-${name}_${version}_${platform}.zip`;
  return name !== 'aws' && existsSync(join(folder, address, packed));
}

/**
 * Writes Terraform's CLI configuration: existing mirrors, and the registry for everything else.
 * @param folder where to write it.
 * @returns the file, for `TF_CLI_CONFIG_FILE`. The variable in a shell may name a file that does not exist.
 */
export function writeTerraformConfiguration(folder: string, mirrors: ProviderMirrors): string {
  const lines = ['disable_checkpoint = true'];
  const mirrored = (['aws', 'docker'] as const).flatMap((name) => {
    const path = mirrors[name];
    return path === undefined ? [] : [{ path, address: JSON.stringify(providers[name].address) }];
  });
  if (mirrored.length > 0) {
    lines.push(
      'provider_installation {',
      ...mirrored.flatMap(({ path, address }) => [
        '  filesystem_mirror {',
        `    path    = ${JSON.stringify(path)}`,
        `    include = [${address}]`,
        '  }',
      ]),
      '  direct {',
      // Otherwise init asks the registry for the providers of a mirror.
      `    exclude = [${mirrored.map(({ address }) => address).join(', ')}]`,
      '  }',
      '}',
    );
  }
  makeFolder(folder);
  const file = join(folder, 'terraform.tfrc');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
