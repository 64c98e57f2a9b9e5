import { join } from 'node:path';
import { type CloudRecord, LocalHome } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';
import { servedVariables } from '../../cli/local/shell';
import { run, type RunResult, type Shell } from '../../cli/process';
import { terraformCommand } from '../../cli/tools/terraform';
import { UserError } from '../../errors';
import { shellOf } from '../local-cloud';

/** The account of staging in the copy. The shared one is that of the table. */
export const ownAccount = '111122223333';

/** A local cloud with two accounts, and a project whose staging is in the second. */
export interface TwoAccounts {
  readonly home: LocalHome;
  readonly record: CloudRecord;
  /** Whose credentials are used: those of the root user of one of the two accounts. */
  readonly shells: Readonly<Record<Who, Shell>>;
  /** Runs `kairos` of the project. */
  readonly kairos: (args: readonly string[], shell: Shell) => Promise<RunResult>;
  /** Runs Terraform in the folder of a stack, as it was last synthesized. */
  readonly terraform: (stack: string, args: readonly string[], shell: Shell) => Promise<RunResult>;
  /** The result of `local up`. */
  readonly up: RunResult;
}

export type Who = 'shared' | 'own';

/** @param folder an empty one, for everything that is written. @param project the copy whose table is changed. */
export async function withTwoAccounts<T>(
  folder: string,
  project: string,
  work: (cloud: TwoAccounts) => Promise<T>,
): Promise<T> {
  const outer = shellOf(folder);
  const kairos = (args: readonly string[], shell: Shell) =>
    run(process.execPath, [join(project, 'bin', 'kairos.js'), ...args], { cwd: project, shell });
  try {
    const up = await kairos(['local', 'up', 'staging', '--json'], outer);
    const home = new LocalHome(outer);
    const record = home.read();
    if (record === undefined) throw new UserError(up.output);
    const pointed = async (accountId: string): Promise<Shell> => ({
      ...outer,
      ...(await servedVariables(record, home, outer, accountId)),
    });
    const shells = { shared: await pointed(record.accountId), own: await pointed(ownAccount) };
    const terraform = (stack: string, args: readonly string[], shell: Shell) =>
      run(terraformCommand(shell), [`-chdir=${join(folder, 'cdktf.out', 'stacks', stack)}`, ...args], {
        shell,
      });
    return await work({ home, record, shells, kairos, terraform, up });
  } finally {
    await kairos(['local', 'down'], outer);
  }
}

/** @returns the configuration of a client for one of the accounts. */
export function clientOptions({ record }: TwoAccounts, accountId: string) {
  return {
    endpoint: endpointOf(record),
    region: record.region,
    forcePathStyle: true,
    credentials: {
      accessKeyId: accountId === record.accountId ? 'test' : accountId,
      secretAccessKey: 'test',
    },
  };
}
