import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runTerraform } from '../cli/cdktf';
import { type CloudRecord, LocalHome } from '../cli/local/home';
import { replaceOutdated } from '../cli/local/secrets';
import { endpointOf } from '../cli/local/server';
import { servedVariables } from '../cli/local/shell';
import { run, type RunResult, type Shell } from '../cli/process';
import { type EnvironmentName, namesOf } from '../config/names';
import { UserError } from '../errors';
import { CloudHunt } from './hunt/cloud-hunt';
import { asLines, drawnAccessKey, drawnSecrets, namedFor } from './hunt/drawn-secrets';
import type { Hunted } from './hunt/secret-hunt';

const root = resolve(__dirname, '..');
/** The folder in which releases and their plans are synthesized. */
export const releases = join(root, '.kairos', 'releases');

/** The local cloud of a script, separate from the user's own. */
export interface LocalCloud {
  readonly home: LocalHome;
  readonly record: CloudRecord;
  /** The environment that is deployed in it. */
  readonly environment: EnvironmentName;
  /** The environment variables that point to it. */
  readonly shell: Shell;
  /** The digest of its environment's image. */
  readonly digest: string;
  readonly kairos: (args: readonly string[], shell?: Shell) => Promise<RunResult>;
  /** Sets random secrets for another environment that is deployed in it, and adds them to the search. */
  readonly draw: (environment: EnvironmentName) => Promise<void>;
  /** Keeps the output of a command for the secret search; `kairos` does this itself. */
  readonly hear: (output: string) => void;
  /**
   * Searches everything that the commands have written since the last search for every secret that was set, and for the
   * secret access key: their output, the files in the folders of the script and of releases, and what the cloud has.
   */
  readonly hunt: () => Promise<Hunted>;
}

/**
 * @returns the environment variables of a user who starts a local cloud. @param folder for everything that is written.
 */
export function shellOf(folder: string): Shell {
  return {
    ...process.env,
    KAIROS_LOCAL_HOME: join(folder, 'home'),
    CDKTF_OUTDIR: join(folder, 'cdktf.out'),
    KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
    KAIROS_IMAGE_DIGEST: undefined,
    CI: '1',
  };
}

/**
 * Starts a local cloud with one environment, runs work with it, and stops it.
 * @param folder an empty one, for everything that is written.
 */
export async function withLocalCloud<T>(
  folder: string,
  work: (cloud: LocalCloud) => Promise<T>,
  environment: EnvironmentName = 'dev',
): Promise<T> {
  const outer = shellOf(folder);
  // Temporary files of a command that was killed.
  const TMPDIR = join(folder, 'tmp');
  mkdirSync(TMPDIR);
  const hunt = new CloudHunt({ folders: [folder, releases] });
  const kairos = async (args: readonly string[], shell: Shell, input?: string) => {
    const result = await run(process.execPath, [join(root, 'bin', 'kairos.js'), ...args], {
      cwd: root,
      shell,
      input,
    });
    hunt.hear(result.output);
    return result;
  };
  try {
    const up = await kairos(['local', 'up', environment], outer);
    if (up.code !== 0) throw new UserError(up.output);
    const home = new LocalHome(outer);
    const record = home.read();
    if (record === undefined) throw new UserError('the local cloud does not run');
    const accessKey = drawnAccessKey();
    const shell: Shell = {
      ...outer,
      ...(await servedVariables(record, home, outer)),
      AWS_SECRET_ACCESS_KEY: accessKey,
      TMPDIR,
    };
    hunt.know(new Map([['AWS_SECRET_ACCESS_KEY', accessKey]]));
    const draw = async (name: EnvironmentName) => {
      const secrets = drawnSecrets();
      hunt.know(namedFor(name, secrets));
      const set = await kairos(['secrets', 'set', name], shell, asLines(secrets));
      if (set.code !== 0) throw new UserError(set.output);
      await replaceOutdated(endpointOf(record));
    };
    await draw(environment);
    const output = ['output', '-raw', 'image_digest'];
    const { stdout: digest } = await runTerraform(namesOf(environment).stack, output, { shell });
    return await work({
      home,
      record,
      environment,
      shell,
      digest,
      kairos: (args, more) => kairos(args, { ...shell, ...more }),
      draw,
      hear: (output) => {
        hunt.hear(output);
      },
      hunt: () => hunt.search(record),
    });
  } finally {
    await kairos(['local', 'down'], outer);
  }
}
