import { join } from 'node:path';
import { type CloudRecord, LocalHome } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';
import { servedVariables } from '../../cli/local/shell';
import { run, type RunResult, type Shell } from '../../cli/process';
import { terraformCommand } from '../../cli/tools/terraform';
import { UserError } from '../../errors';
import { shellOf } from '../local-cloud';

/** The account that staging gets in the copy; the shared one stays that of the table. */
export const ownAccount = '111122223333';

/** One local cloud that plays two accounts, and a project whose staging lives in the second. */
export interface TwoAccounts {
  readonly home: LocalHome;
  readonly record: CloudRecord;
  /** Whose credentials are used: the root of one of the two accounts. */
  readonly shells: Readonly<Record<Who, Shell>>;
  /** Runs `kairos` of the project. */
  readonly kairos: (args: readonly string[], shell: Shell) => Promise<RunResult>;
  /** Runs Terraform in the folder of a stack, as it was synthesized last. */
  readonly terraform: (stack: string, args: readonly string[], shell: Shell) => Promise<RunResult>;
  /** How `local up` ended. */
  readonly up: RunResult;
}

export type Who = 'shared' | 'own';

/** @param folder an empty one, which gets all that is written. @param project the copy whose table is changed. */
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

/** @returns what a client of one of the accounts is made with. */
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
