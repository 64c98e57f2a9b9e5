import { Command, InvalidArgumentError } from 'commander';
import { separateEnvironments } from '../../config/account';
import { keptImages } from '../../config/names';
import { UserError } from '../../errors';
import { openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { pinsOf } from '../image/pins';
import { planPrune, type PrunePlan } from '../image/prune';
import { removeImages, type StoredImage, storedImages } from '../image/repository';
import { sizeLine } from '../image/status';
import { command, isInteractive, print, printJson, table, tell } from '../terminal';

interface Options {
  readonly keep: number;
  readonly yes?: true;
  readonly json?: true;
}

export function pruneCommand(): Command {
  return new Command('prune')
    .description('remove the images that no version of any function needs')
    .option(
      '--keep <releases>',
      'also keep images that were pushed since the oldest of the last releases',
      parseCount,
      10,
    )
    .option('--yes', 'do not ask; required without a terminal')
    .option('--json', 'print what was removed as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos image prune --keep 20
The images of all versions of all functions are kept, so that a rollback stays possible.
Exit codes: 0 they are removed, or there are none; 1 they are not removed.`,
    )
    .action(async ({ keep, yes, json }: Options) => {
      const account = await openPruning();
      tell('reads which image each version of each function needs');
      const plan = await account.plan(keep);
      await show(plan, keep, json === true);
      if (plan.remove.length === 0) return;
      if (yes !== true && !(await isAgreed(plan.remove.length))) {
        process.exitCode = 1;
        tell(
          `nothing was removed; to remove them: ${command(`npx kairos image prune --keep ${keep} --yes`)}`,
        );
        return;
      }
      // Somebody may have released one of them while the prompt was open.
      const again = new Set((await account.plan(keep)).remove.map(({ digest }) => digest));
      const digests = plan.remove.map(({ digest }) => digest).filter((digest) => again.has(digest));
      const failed = await account.remove(digests);
      if (json)
        printJson({
          removed: digests.filter((digest) => !failed.some((each) => each.digest === digest)),
          failed,
        });
      else print(`removed ${digests.length - failed.length} of ${plan.remove.length}`);
      if (failed.length === 0) return;
      const reasons = failed.map(({ digest, reason }) => `  ${digest}: ${reason}`);
      throw new UserError(`ECR did not remove ${failed.length}:\n${reasons.join('\n')}`);
    });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('expected a whole number of releases, at least 1, such as --keep 10');
}

async function openPruning() {
  const { configuration, clientOptions } = await openAccount(process.env);
  const separate = separateEnvironments(configuration);
  // The images that their versions use cannot be read with these credentials, and would look unused.
  if (separate.length > 0) {
    throw new UserError(
      `${separate.join(' and ')} ${separate.length === 1 ? 'has a separate account' : 'have separate accounts'}, whose functions these credentials cannot read: an image that ${separate.length === 1 ? 'it needs' : 'they need'} could be removed; nothing was removed; ECR keeps the newest ${keptImages} by itself`,
    );
  }
  const { repository } = configuration.image;
  const [{ ECRClient }, { LambdaClient }] = await Promise.all([
    import('@aws-sdk/client-ecr'),
    import('@aws-sdk/client-lambda'),
  ]);
  const ecr = new ECRClient(clientOptions);
  const lambda = new LambdaClient(clientOptions);
  ecr.middlewareStack.add(rememberCalls, { step: 'initialize' });
  lambda.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return {
    // The images are listed first, so that an image that is pushed and released meanwhile is not among them.
    plan: async (keep: number): Promise<PrunePlan> => {
      const images = await storedImages(ecr, repository);
      return planPrune(images, await pinsOf(lambda, repository), keep);
    },
    remove: (digests: readonly string[]) => removeImages(ecr, repository, digests),
  };
}

async function show(plan: PrunePlan, keep: number, json: boolean): Promise<void> {
  const { remove, pinned, recent, since } = plan;
  const when =
    since === undefined ? `fewer than ${keep} releases so far` : `pushed since ${since.toISOString()}`;
  const kept = `${pinned} needed by a version, ${recent} more kept (${when})`;
  if (remove.length === 0) {
    if (json) printJson({ removed: [], failed: [] });
    else print(`nothing to remove: ${kept}`);
    return;
  }
  const list = await table(['tag', 'digest', 'size', 'pushed'], remove.map(rowOf));
  tell(list);
  tell(`${remove.length} would be removed; ${kept}`);
}

function rowOf({ tags, digest, bytes, pushed }: StoredImage): string[] {
  const tag = tags.length === 0 ? 'untagged' : tags.join(', ');
  return [tag, digest.slice(7, 19), sizeLine(bytes), pushed.toISOString().slice(0, 10)];
}

async function isAgreed(count: number): Promise<boolean> {
  if (!isInteractive(process.env)) return false;
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({
    message: `Remove ${count} from ECR? It cannot be undone.`,
    initialValue: false,
  });
  return !isCancel(answer) && answer;
}
