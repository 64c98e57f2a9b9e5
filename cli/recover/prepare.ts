import { runTerraform, synthesize } from '../cdktf';
import { storedImages } from '../image/repository';
import { readLive } from '../live/alias';
import { environmentOf, type LiveEnvironment } from '../live/environment';
import { readState } from '../live/state';
import { ifThere } from './identify/gone';
import type { Target } from './target';
import { type Planned, readPlanned } from './wanted';

/**
 * Synthesizes the stack and plans it without a refresh.
 * @returns the declared resources that its state does not contain, and the target with the image of the plan.
 */
export async function planTarget(
  target: Target,
): Promise<{ readonly planned: Planned; readonly target: Target }> {
  const digest = await missingDigest(target);
  const shell = digest === undefined ? target.shell : { ...target.shell, KAIROS_IMAGE_DIGEST: digest };
  const { stack } = target;
  await synthesize({ shell });
  await runTerraform(stack, ['init', '-input=false'], { shell });
  const file = 'recover.look';
  await runTerraform(stack, ['plan', '-input=false', '-refresh=false', `-out=${file}`], { shell });
  const { stdout } = await runTerraform(stack, ['show', '-json', file], { shell });
  return { planned: readPlanned(stdout), target: { ...target, shell } };
}

/**
 * Nothing can be planned with a state that does not say which image runs.
 * @returns the digest of the live image; before there is a function, that of the newest image, because the search does
 * not depend on it. Undefined if the state contains it, or if there is no image.
 */
async function missingDigest({ environment, account, shell }: Target): Promise<string | undefined> {
  if (environment === undefined || (shell.KAIROS_IMAGE_DIGEST ?? '') !== '') return undefined;
  const opened = await environmentOf(account, environment, shell);
  const state = await readState(opened);
  if (state?.outputs.image_digest !== undefined) return undefined;
  const live = await readLive(opened);
  if (live !== undefined) return live.digest;
  const unreleased = await digestWithoutAlias(opened);
  if (unreleased !== undefined) return unreleased;
  const images = await storedImages(opened.ecr, opened.configuration.image.repository);
  return [...images].sort((a, b) => b.pushed.getTime() - a.pushed.getTime())[0]?.digest;
}

/** A deploy may have been killed after it created the function and before it created the alias. */
async function digestWithoutAlias({ lambda, names }: LiveEnvironment): Promise<string | undefined> {
  const { GetFunctionCommand } = await import('@aws-sdk/client-lambda');
  const answer = await ifThere(lambda.send(new GetFunctionCommand({ FunctionName: names.function })));
  return answer?.Code?.ImageUri?.split('@')[1];
}
