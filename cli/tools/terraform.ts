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

/** Write-only arguments came with 1.11: https://developer.hashicorp.com/terraform/language/v1.11.x/upgrade-guides */
const minimumVersion = [1, 11, 0] as const;

/** The providers that a mirror may have; the bindings pin them. */
export const providers = {
  aws: { address: 'registry.terraform.io/hashicorp/aws', version: '5.100.0' },
  docker: { address: 'registry.terraform.io/kreuzwerker/docker', version: '3.6.2' },
} as const;

type Provider = keyof typeof providers;

/** The folders that hold `registry.terraform.io` with the providers; of one that is left out there is none. */
export type ProviderMirrors = Readonly<Partial<Record<Provider, string>>>;

/** A Terraform that will do. */
export interface Terraform {
  /** The command that starts it. */
  readonly command: string;
  readonly version: string;
}

/**
 * @returns the command of the Terraform to run, for `TERRAFORM_BINARY_NAME` of cdktf: the one that is named, the one
 * that was fetched because the machine had none that would do, else the machine's.
 */
export function terraformCommand(shell: Shell): string {
  const named = given(shell.TERRAFORM_BINARY_NAME);
  // A path is one from here: cdktf would look for it from the folder of each stack.
  if (named !== undefined) return basename(named) === named ? named : resolve(named);
  const fetched = fetchedTerraform(shell);
  return existsSync(fetched) ? fetched : 'terraform';
}

export interface FindTerraformOptions {
  /** Called with the one line that says what is fetched. @default - it is told on standard error */
  readonly onLine?: (line: string) => void;
  /** What is fetched where there is none. @default - the version of mise.toml */
  readonly release?: TerraformRelease;
}

/**
 * Looks for the Terraform to run. Where the machine has none that will do, and none is named, HashiCorp's release is
 * fetched into the project's cache.
 * @throws UserError when there is none, or too old a one, and none can be fetched.
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
  onLine(`${found.fault}: fetching Terraform ${release.version} from ${release.server}`);
  try {
    return { command: await fetchTerraform(shell, release), version: release.version };
  } catch (error) {
    throw new UserError(`${wanted}, and it could not be fetched (${messageOf(error)}); ${howTo}`);
  }
}

type Found = { readonly version: string } | { readonly fault: string };

/** Looks at the Terraform that would run, and fetches none. @returns its version, or why it will not do. */
export function lookForTerraform(shell: Shell): Promise<Found> {
  return look(terraformCommand(shell), shell);
}

async function look(command: string, shell: Shell): Promise<Found> {
  const result = await run(command, ['version', '-json'], {
    // A configuration file that is not there prints a warning in front of the JSON.
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
  if (version === undefined) return { fault: `"${command} version" did not say which it is` };
  return isOlder(version, minimumVersion) ? { fault: `"${command}" is ${version}` } : { version };
}

/** @returns the version that `version -json` tells; nothing when what answered is no Terraform. */
function versionIn(json: string): string | undefined {
  try {
    return z.object({ terraform_version: z.string() }).safeParse(JSON.parse(json)).data?.terraform_version;
  } catch {
    return undefined; // no JSON: the caller says what was expected
  }
}

/**
 * Looks for mirrors of the providers, the AWS provider's unpacked: where Terraform itself looks
 * (https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories), then below
 * the roots where a machine's software is kept. `KAIROS_DOCKER_PROVIDER_MIRROR` may name another for the docker
 * provider.
 * @throws UserError when it names one that has none.
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
  // As "terraform providers mirror" leaves it. The AWS provider would be unpacked, 700 MB, for each stack.
  const packed = `terraform-provider-${name}_${version}_${platform}.zip`;
  return name !== 'aws' && existsSync(join(folder, address, packed));
}

/**
 * Writes Terraform's CLI configuration: the mirrors that there are, the registry for all else.
 * @param folder where to write it.
 * @returns the file, for `TF_CLI_CONFIG_FILE`; a shell may carry one that points nowhere.
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
      // Otherwise init asks the registry for what a mirror has.
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
