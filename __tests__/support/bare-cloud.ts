import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud, stopCloud } from '../../cli/local/cloud';
import { LocalHome } from '../../cli/local/home';
import { emulatorPython } from '../../cli/local/prerequisites';
import { endpointOf } from '../../cli/local/server';
import { localVariables } from '../../cli/local/shell';
import type { RunResult, Shell } from '../../cli/process';
import { configuration } from '../../config/environments';
import { kairos } from './kairos';

/** An empty local cloud, which starts within a second, for tests that need AWS's responses and no stack. */
export class BareCloud {
  private constructor(
    readonly home: LocalHome,
    /** The environment variables that point to it. */
    readonly shell: Shell,
    private readonly endpoint: string,
  ) {}

  /** @param settings variables for the server. */
  static async up(settings: Shell = {}): Promise<BareCloud> {
    const outer = {
      ...process.env,
      ...settings,
      KAIROS_LOCAL_HOME: mkdtempSync(join(tmpdir(), 'kairos-bare-')),
      CI: '1',
    };
    const home = new LocalHome(outer);
    const { accountId, region } = configuration;
    const python = await emulatorPython(outer);
    const record = await startCloud({ home, shell: outer, python, accountId, region });
    return new BareCloud(home, { ...outer, ...localVariables(record, home, outer) }, endpointOf(record));
  }

  /** Deletes everything in it, which is faster than starting another one. */
  async reset(): Promise<void> {
    const { ok, status } = await fetch(`${this.endpoint}/_ministack/reset`, { method: 'POST' });
    if (!ok) throw new Error(`the local cloud was not reset: ${status}`);
  }

  async down(): Promise<void> {
    await stopCloud(this.home);
    rmSync(this.home.folder, { recursive: true, force: true });
  }

  kairos(args: readonly string[], shell: Shell = {}): Promise<RunResult> {
    return kairos(args, { ...this.shell, ...shell });
  }

  /** The options of an AWS client here, as the account's root user. */
  get clientOptions() {
    return {
      region: configuration.region,
      endpoint: this.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }
}
