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

/** A local cloud in which nothing was deployed: a second to start, for what needs AWS's answers and no stack. */
export class BareCloud {
  private constructor(
    readonly home: LocalHome,
    /** The shell of a person who has pointed theirs at it. */
    readonly shell: Shell,
    private readonly endpoint: string,
  ) {}

  /** @param settings variables of the shell that starts it. */
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

  /** Empties it: what is as good as another one, and takes no start. */
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

  /** The options of an AWS client here, as the account's root. */
  get clientOptions() {
    return {
      region: configuration.region,
      endpoint: this.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }
}
