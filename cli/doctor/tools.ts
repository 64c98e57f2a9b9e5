import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { dependencies, engines } from '../../package.json';
import { messageOf, UserError } from '../../errors';
import type { Shell } from '../process';
import { findPython, type Python } from '../tools/python';
import { lookForTerraform } from '../tools/terraform';
import { pinnedRelease } from '../tools/terraform-release';
import { isOlder } from '../tools/version';
import { given } from '../variables';
import { type Check, ok, unknown, wrong, wrongBy } from './check';

/** Whether the backend in the local cloud can run on it, and whether the local cloud can. See README.md */
const pythons = { cloud: [3, 10], backend: [3, 11], newest: [3, 13] } as const;

/** @param version of the Node that runs this process. */
export function nodeCheck(version: string): Check {
  const minimum = engines.node.replace(/^>=/, '');
  return {
    id: 'node',
    title: 'Node',
    run: () =>
      Promise.resolve(
        isOlder(version, minimum.split('.').map(Number))
          ? wrong(version, `install Node ${minimum} or newer ("mise install")`)
          : ok(version),
      ),
  };
}

/**
 * @param look returns the version of the Terraform that cdktf would run.
 * @param pinned the version that the project is tested with.
 * @param isNamed whether TERRAFORM_BINARY_NAME names it, so that no other is downloaded.
 */
export function terraformCheck(
  look: () => Promise<{ readonly version: string } | { readonly fault: string }>,
  pinned: string,
  isNamed = false,
): Check {
  return {
    id: 'terraform',
    title: 'Terraform',
    run: async () => {
      const found = await look();
      if ('fault' in found) {
        const other = isNamed ? 'unset TERRAFORM_BINARY_NAME' : 'let "npx kairos local up" download it';
        return wrong(found.fault, `install Terraform ${pinned} ("mise install"), or ${other}`);
      }
      if (found.version === pinned) return ok(`${pinned}, as pinned`);
      return ok(`${found.version}; the project is tested with ${pinned}`);
    },
  };
}

/** @param find returns the Python that the local cloud would use. */
export function pythonCheck(find: () => Promise<Python>): Check {
  return {
    id: 'python',
    title: 'Python, for the local cloud',
    run: async () => {
      try {
        const { command, version } = await find();
        const words = `${version.join('.')} (${command})`;
        const runsBackend = version[1] >= pythons.backend[1] && version[1] <= pythons.newest[1];
        if (runsBackend) return ok(words);
        const range = `${pythons.backend.join('.')} to ${pythons.newest.join('.')}`;
        return unknown(
          `${words} can run the local cloud, but maybe not the backend in it`,
          `to run the backend, install one of ${range}, or name it in KAIROS_PYTHON`,
        );
      } catch (error) {
        if (error instanceof UserError) return wrongBy(error);
        throw error;
      }
    },
  };
}

/** @param installed returns the version of the installed cdktf; it throws if there is none. */
export function cdktfCheck(installed: () => string): Check {
  const wanted = dependencies['cdktf-cli'];
  return {
    id: 'cdktf',
    title: 'cdktf',
    run: () => {
      const found = versionOr(installed);
      return Promise.resolve(
        found === wanted ? ok(found) : wrong(`${found}; the lock file says ${wanted}`, 'npm ci'),
      );
    },
  };
}

/** @returns the checks of this machine's tools, except Docker. */
export function toolChecks(shell: Shell): readonly Check[] {
  return [
    nodeCheck(process.versions.node),
    terraformCheck(
      () => lookForTerraform(shell),
      pinnedRelease.version,
      given(shell.TERRAFORM_BINARY_NAME) !== undefined,
    ),
    pythonCheck(() => findPython(shell, pythons.cloud)),
    cdktfCheck(() => {
      const file = require.resolve('cdktf-cli/package.json');
      return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
    }),
  ];
}

function versionOr(installed: () => string): string {
  try {
    return installed();
  } catch (error) {
    return `not installed (${messageOf(error).split('\n')[0] ?? ''})`;
  }
}
