import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stopCloud } from '../../cli/local/cloud';
import { LocalHome } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';
import { servedVariables } from '../../cli/local/shell';
import { run, type RunResult, type Shell } from '../../cli/process';
import { localUpSchema } from '../../cli/schemas/machine';
import { putChangedExample } from '../../scripts/backend-image';
import { kairos } from './kairos';
import { expectSuccess, shellOf } from './project';
import type { SharedCloud } from './shared-cloud';

const root = resolve(__dirname, '..', '..');

/** A local cloud with an environment in it, and the environment variables that point to it. */
export class DeployedCloud {
  private constructor(
    readonly home: LocalHome,
    readonly shell: Shell,
    /** The endpoint of the AWS APIs. */
    readonly endpoint: string,
  ) {}

  /**
   * A separate cloud for one test file, with one environment.
   * @param name of its folder, which no other file uses.
   * @param settings environment variables for `local up`.
   */
  static async up(name: string, environment: string, settings: Shell = {}): Promise<DeployedCloud> {
    const folder = join('.kairos', `e2e-${name}`);
    const own = shellOf(folder);
    const outer = { ...own, ...settings, KAIROS_LOCAL_HOME: folder, CDKTF_OUTDIR: own.CDKTF_OUTDIR };
    rmSync(join(root, folder), { recursive: true, force: true });
    const up = ['bin/kairos.js', 'local', 'up', environment, '--json'];
    const { stdout } = expectSuccess(
      await run(process.execPath, up, { cwd: root, shell: { ...outer, CI: '1' } }),
    );
    localUpSchema.parse(JSON.parse(stdout));
    return DeployedCloud.at(outer);
  }

  /** The cloud that the files of a tier share. @param name of the folder that this file synthesizes into. */
  static shared(name: string, { shell }: SharedCloud): Promise<DeployedCloud> {
    const home = shell.KAIROS_LOCAL_HOME ?? '';
    return DeployedCloud.at({ ...shell, CDKTF_OUTDIR: join(home, `cdktf.out-${name}`) });
  }

  private static async at(outside: Shell): Promise<DeployedCloud> {
    const outer = { ...outside, CI: '1' };
    const home = new LocalHome(outer);
    const record = home.read();
    if (record === undefined) throw new Error('the local cloud of the test does not run');
    const shell = { ...outer, ...(await servedVariables(record, home, outer)) };
    return new DeployedCloud(home, shell, endpointOf(record));
  }

  async down(): Promise<void> {
    await stopCloud(this.home);
  }

  kairos(args: readonly string[], shell: Shell = {}): Promise<RunResult> {
    return kairos(args, { ...this.shell, ...shell });
  }

  /** The options of an AWS client here, as the account's root user. */
  get clientOptions() {
    return {
      region: 'eu-west-2',
      endpoint: this.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }

  /**
   * Pushes an image of the example backend with a change.
   * @param file of the example. @param change returns its changed text.
   * @returns the digest.
   */
  image(file: string, change: (text: string) => string): Promise<string> {
    return putChangedExample(this, file, change);
  }
}
