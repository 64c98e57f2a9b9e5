import { join } from 'node:path';
import { UserError } from '../../errors';
import { runTerraform, synthesize } from '../cdktf';
import type { LiveEnvironment } from '../live/environment';
import { run } from '../process';
import { projectRoot, stackFolder } from '../project';
import { terraformCommand } from '../tools/terraform';
import { makeFolder } from '../folder';

/** Terraform's exit code for a plan with changes. */
const wouldChange = 2;

/**
 * Plans an environment without locking its state: nothing is changed, and nobody has to wait.
 * @returns the changes, one line each.
 * @throws UserError with Terraform's message if it cannot be planned.
 */
export async function plannedChanges(environment: LiveEnvironment): Promise<readonly string[]> {
  const { name, names } = environment;
  const folder = join(projectRoot, '.kairos', 'releases', `${name}-drift`);
  makeFolder(folder);
  const shell = {
    ...environment.shell,
    CDKTF_OUTDIR: folder,
    KAIROS_IMAGE_DIGEST: undefined,
    KAIROS_CANARY: undefined,
  };
  await synthesize({ shell });
  await runTerraform(names.stack, ['init', '-input=false', '-no-color'], { shell });
  const args = ['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode'];
  const chdir = `-chdir=${stackFolder(names.stack, shell)}`;
  const { code, output } = await run(terraformCommand(shell), [chdir, ...args], { shell });
  if (code === 0) return [];
  if (code !== wouldChange) throw new UserError(`terraform could not plan ${names.stack}:\n${output}`);
  return output.split('\n').flatMap((line) => {
    const change = /^ {2}# (.+ (?:will|must) be .+)$/.exec(line)?.[1];
    return change === undefined || change.startsWith('data.') ? [] : [change];
  });
}
