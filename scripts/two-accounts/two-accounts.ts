import { join } from 'node:path';
import { type CloudRecord, LocalHome } from '../../cli/local/home';
import { replaceOutdated } from '../../cli/local/secrets';
import { endpointOf } from '../../cli/local/server';
import { servedVariables } from '../../cli/local/shell';
import { run, type RunResult, type Shell } from '../../cli/process';
import { terraformCommand } from '../../cli/tools/terraform';
import type { Place } from '../../config/account';
import { configuration } from '../../config/environments';
import { UserError } from '../../errors';
import { CloudHunt } from '../hunt/cloud-hunt';
import { asLines, drawnAccessKey, drawnSecrets, namedFor } from '../hunt/drawn-secrets';
import { shellOf } from '../local-cloud';
import type { Hunted } from '../hunt/secret-hunt';

/** The account of staging in the copy. The shared one is that of the table. */
export const ownAccount = '111122223333';

/** A local cloud with two accounts, and a project whose staging is in the second. */
export interface TwoAccounts {
  readonly home: LocalHome;
  readonly record: CloudRecord;
  /** The region of the second account. */
  readonly ownRegion: string;
  /** Whose credentials are used: those of the root user of one of the two accounts. */
  readonly shells: Readonly<Record<Who, Shell>>;
  /** Runs `kairos` of the project. */
  readonly kairos: (args: readonly string[], shell: Shell) => Promise<RunResult>;
  /** Runs Terraform in the folder of a stack, as it was last synthesized. */
  readonly terraform: (stack: string, args: readonly string[], shell: Shell) => Promise<RunResult>;
  /** The result of `local up`. */
  readonly up: RunResult;
  /** Adds secrets of a step to the search, such as the keys of a role. `length` is that of the pieces. @default 8 characters */
  readonly know: (secrets: ReadonlyMap<string, string>, length?: number) => void;
  /**
   * Searches everything that the steps have written for every secret of staging, both secret access keys, and the
   * secrets that were added: the output of commands, all files, and what both accounts have.
   */
  readonly hunt: () => Promise<Hunted>;
}

export type Who = 'shared' | 'own';

/**
 * @param folder an empty one, for everything that is written. @param project the copy whose table is changed.
 * @param region of the second account. @default - that of the table
 */
export async function withTwoAccounts<T>(
  {
    folder,
    project,
    region,
  }: { readonly folder: string; readonly project: string; readonly region?: string },
  work: (cloud: TwoAccounts) => Promise<T>,
): Promise<T> {
  const outer = shellOf(folder);
  const own = { accountId: ownAccount, region: region ?? configuration.region };
  const hunt = new CloudHunt({ folders: [folder], accounts: [own] });
  const heard = (result: RunResult) => {
    hunt.hear(result.output);
    return result;
  };
  const kairos = async (args: readonly string[], shell: Shell, input?: string) => {
    const command = [join(project, 'bin', 'kairos.js'), ...args];
    return heard(await run(process.execPath, command, { cwd: project, shell, input }));
  };
  try {
    const up = await kairos(['local', 'up', 'dev', 'staging', '--json'], outer);
    const home = new LocalHome(outer);
    const record = home.read();
    if (record === undefined) throw new UserError(up.output);
    const pointed = async (who: Who, place: Pick<Place, 'accountId' | 'region'>): Promise<Shell> => {
      const accessKey = drawnAccessKey();
      hunt.know(new Map([[`the secret access key of the ${who} account`, accessKey]]));
      const served = await servedVariables(record, home, outer, place);
      return { ...outer, ...served, AWS_SECRET_ACCESS_KEY: accessKey };
    };
    const shells = {
      shared: await pointed('shared', record),
      own: await pointed('own', own),
    };
    const secrets = drawnSecrets();
    hunt.know(namedFor('staging', secrets));
    const set = await kairos(['secrets', 'set', 'staging'], shells.own, asLines(secrets));
    if (set.code !== 0) throw new UserError(set.output);
    await replaceOutdated(endpointOf(record));
    const terraform = async (stack: string, args: readonly string[], shell: Shell) => {
      const chdir = `-chdir=${join(folder, 'cdktf.out', 'stacks', stack)}`;
      return heard(await run(terraformCommand(shell), [chdir, ...args], { shell }));
    };
    return await work({
      home,
      record,
      ownRegion: own.region,
      shells,
      kairos,
      terraform,
      up,
      know: (more, length) => {
        hunt.know(more, length);
      },
      hunt: () => hunt.search(record),
    });
  } finally {
    await kairos(['local', 'down'], outer);
  }
}

/** @returns the configuration of a client for one of the accounts. */
export function clientOptions({ record, ownRegion }: TwoAccounts, accountId: string) {
  return {
    endpoint: endpointOf(record),
    region: accountId === record.accountId ? record.region : ownRegion,
    forcePathStyle: true,
    credentials: {
      accessKeyId: accountId === record.accountId ? 'test' : accountId,
      secretAccessKey: 'test',
    },
  };
}
