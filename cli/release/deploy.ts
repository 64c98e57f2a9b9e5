import { join } from 'node:path';
import { deploy, synthesize } from '../cdktf';
import type { LiveEnvironment } from '../live/environment';
import { endUncalledStarts } from '../live/kept-started';
import { holderOf, untilUnlocked } from '../live/lock';
import { countProgress } from '../progress';
import { projectRoot } from '../project';
import { tell } from '../terminal';
import { step } from './step';
import { makeFolder } from '../folder';

export interface DigestDeploy {
  /** The digest of the image to run. */
  readonly digest: string;
  /** The share of the requests that the new version gets; 0: no canary, it gets all of them. */
  readonly canary: number;
  /** How long to wait for the lock of the state, in seconds. */
  readonly lockTimeout: number;
}

/**
 * Deploys an environment with one digest, with the real `cdktf deploy`, from a temporary folder: another release from
 * the same checkout must not change what is deployed here.
 * @throws UserError with Terraform's message, or with the holder of the lock.
 */
export async function deployDigest(environment: LiveEnvironment, options: DigestDeploy): Promise<void> {
  const { name, names } = environment;
  const { digest, canary, lockTimeout } = options;
  const folder = join(projectRoot, '.kairos', 'releases', `${name}-${digest.slice(7, 19)}-${canary}`);
  makeFolder(folder);
  const wait = `-lock-timeout=${lockTimeout}s`;
  const shell = {
    ...environment.shell,
    CDKTF_OUTDIR: folder,
    KAIROS_IMAGE_DIGEST: digest,
    KAIROS_RELEASED_BY: environment.caller,
    KAIROS_CANARY: String(canary),
    // Somebody else may take the lock first when it is released.
    TF_CLI_ARGS_plan: `${environment.shell.TF_CLI_ARGS_plan ?? ''} ${wait}`.trim(),
    TF_CLI_ARGS_apply: `${environment.shell.TF_CLI_ARGS_apply ?? ''} ${wait}`.trim(),
  };
  await untilUnlocked(environment, {
    seconds: lockTimeout,
    onWait: (lock) => {
      tell(`waits for the state of ${names.stack}, held by ${holderOf(lock)}`);
    },
  });
  await endUncalledStarts(environment);
  await step(`deploys ${names.stack} with ${digest.slice(0, 19)}`, async (report) => {
    report('synthesizes the stack');
    await synthesize({ shell });
    await deploy([names.stack], {
      shell,
      logFile: join(folder, 'deploy.log'),
      onLine: countProgress((words) => {
        report(`${words} changes done`);
      }),
    });
  });
}
