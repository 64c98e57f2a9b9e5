import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runTerraform } from '../cli/cdktf';
import { type CloudRecord, LocalHome } from '../cli/local/home';
import { replaceOutdated } from '../cli/local/secrets';
import { endpointOf } from '../cli/local/server';
import { servedVariables } from '../cli/local/shell';
import { run, type RunResult, type Shell } from '../cli/process';
import { type EnvironmentName, namesOf } from '../config/names';
import { UserError } from '../errors';
import { filesBelow, storedStates } from './artefacts';
import { drawnAccessKey, drawnSecrets } from './drawn-secrets';
import { type Artefact, type Hunted, SecretHunt } from './secret-hunt';

const root = resolve(__dirname, '..');
const releases = join(root, '.kairos', 'releases');

/** A local cloud of one script, apart from the one that a person has running. */
export interface LocalCloud {
  readonly home: LocalHome;
  readonly record: CloudRecord;
  /** What is deployed in it. */
  readonly environment: EnvironmentName;
  /** Points at it. */
  readonly shell: Shell;
  /** The digest that its environment runs. */
  readonly digest: string;
  readonly kairos: (args: readonly string[], shell?: Shell) => Promise<RunResult>;
  /** Keeps what a command said, for the hunt; `kairos` does so by itself. */
  readonly hear: (output: string) => void;
  /**
   * Searches all that the commands have left since the last hunt for every secret of the environment, and for the
   * secret access key: their words, the states in the buckets, the files of the script's folder and those of releases.
   */
  readonly hunt: () => Promise<Hunted>;
}

/** @returns the shell of somebody who starts a local cloud. @param folder which gets all that is written. */
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
 * Starts a local cloud with one environment in it, does some work with it, and stops it.
 * @param folder an empty one, which gets all that is written.
 */
export async function withLocalCloud<T>(
  folder: string,
  work: (cloud: LocalCloud) => Promise<T>,
  environment: EnvironmentName = 'dev',
): Promise<T> {
  const outer = shellOf(folder);
  // What a command leaves for a while and was killed over.
  const TMPDIR = join(folder, 'tmp');
  mkdirSync(TMPDIR);
  const said: string[] = [];
  const kairos = async (args: readonly string[], shell: Shell, input?: string) => {
    const result = await run(process.execPath, [join(root, 'bin', 'kairos.js'), ...args], {
      cwd: root,
      shell,
      input,
    });
    said.push(result.output);
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
    const secrets = drawnSecrets();
    const lines = [...secrets].map(([name, value]) => `${name}=${value}`).join('\n');
    const set = await kairos(['secrets', 'set', environment], shell, lines);
    if (set.code !== 0) throw new UserError(set.output);
    await replaceOutdated(endpointOf(record));
    const output = ['output', '-raw', 'image_digest'];
    const { stdout: digest } = await runTerraform(namesOf(environment).stack, output, { shell });
    const hunt = new SecretHunt(new Map<string, string>([...secrets, ['AWS_SECRET_ACCESS_KEY', accessKey]]));
    const left = async function* (): AsyncGenerator<Artefact> {
      for (const output of said.splice(0)) {
        yield { name: `output ${randomUUID()}`, read: () => Promise.resolve(Buffer.from(output)) };
      }
      yield* filesBelow(folder);
      // Where releases and plans of them are synthesized.
      if (existsSync(releases)) yield* filesBelow(releases);
      yield* storedStates(record);
    };
    return await work({
      home,
      record,
      environment,
      shell,
      digest,
      kairos: (args, more) => kairos(args, { ...shell, ...more }),
      hear: (output) => said.push(output),
      hunt: () => hunt.search(left()),
    });
  } finally {
    await kairos(['local', 'down'], outer);
  }
}
