import { join } from 'node:path';
import type { Shell } from '../process';
import { cacheFolder } from './cache';
import { fetchProgram } from './pinned-program';

/** A release of Terraform, with the hashes of its archives. */
export interface TerraformRelease {
  /** The URL of the releases. */
  readonly server: string;
  readonly version: string;
  /** The SHA-256 of each archive, by `<system>_<processor>`. */
  readonly archives: Readonly<Record<string, string>>;
}

/** The version in mise.toml, with the hashes of https://github.com/hashicorp/homebrew-tap. */
export const pinnedRelease: TerraformRelease = {
  server: 'https://releases.hashicorp.com',
  version: '1.11.4',
  archives: {
    linux_amd64: '1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc',
    linux_arm64: 'a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633',
    darwin_amd64: 'a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b',
    darwin_arm64: '867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18',
  },
};

/** @returns the path of a downloaded Terraform, whether it exists or not. */
export function fetchedTerraform(shell: Shell, { version }: TerraformRelease = pinnedRelease): string {
  return join(cacheFolder(shell), 'terraform', version, 'terraform');
}

/**
 * Downloads a release into the project's cache.
 * @returns the command.
 * @throws if it cannot be downloaded, or has another hash.
 */
export async function fetchTerraform(shell: Shell, release = pinnedRelease): Promise<string> {
  const { server, version, archives } = release;
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const digest = archives[platform];
  if (digest === undefined) throw new Error(`no Terraform is pinned for ${platform}`);
  return fetchProgram({
    url: `${server}/terraform/${version}/terraform_${version}_${platform}.zip`,
    digests: [digest],
    entry: 'terraform',
    file: fetchedTerraform(shell, release),
  });
}
