import { join, resolve } from 'node:path';
import { runTerraform } from '../cli/cdktf';
import { type CloudRecord, LocalHome } from '../cli/local/home';
import { servedVariables } from '../cli/local/shell';
import { run, type RunResult, type Shell } from '../cli/process';
import { namesOf } from '../config/names';
import { UserError } from '../errors';

const root = resolve(__dirname, '..');

/** A local cloud of one script, apart from the one that a person has running. */
export interface LocalCloud {
  readonly home: LocalHome;
  readonly record: CloudRecord;
  /** Points at it. */
  readonly shell: Shell;
  /** The digest that its kairos-dev runs. */
  readonly digest: string;
  readonly kairos: (args: readonly string[], shell?: Shell) => Promise<RunResult>;
}

/**
 * Starts a local cloud with kairos-dev in it, does some work with it, and stops it.
 * @param folder an empty one, which gets all that is written.
 */
export async function withLocalCloud<T>(folder: string, work: (cloud: LocalCloud) => Promise<T>): Promise<T> {
  const outer: Shell = {
    ...process.env,
    KAIROS_LOCAL_HOME: join(folder, 'home'),
    CDKTF_OUTDIR: join(folder, 'cdktf.out'),
    KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
    KAIROS_IMAGE_DIGEST: undefined,
    CI: '1',
  };
  const kairos = (args: readonly string[], shell: Shell) =>
    run(process.execPath, [join(root, 'bin', 'kairos.js'), ...args], { cwd: root, shell });
  try {
    const up = await kairos(['local', 'up', 'dev'], outer);
    if (up.code !== 0) throw new UserError(up.output);
    const home = new LocalHome(outer);
    const record = home.read();
    if (record === undefined) throw new UserError('the local cloud does not run');
    const shell: Shell = { ...outer, ...(await servedVariables(record, home, outer)) };
    const { stdout: digest } = await runTerraform(namesOf('dev').stack, ['output', '-raw', 'image_digest'], {
      shell,
    });
    return await work({
      home,
      record,
      shell,
      digest,
      kairos: (args, more) => kairos(args, { ...shell, ...more }),
    });
  } finally {
    await kairos(['local', 'down'], outer);
  }
}
