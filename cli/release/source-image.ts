import { UserError } from '../../errors';
import type { SeparateAccount } from '../aws';
import { sourceContext } from '../image/push';
import { digestOf } from '../image/registry';
import type { LiveEnvironment } from '../live/environment';
import { localHomeOf } from '../local/current';
import { run } from '../process';
import { tell } from '../terminal';
import { step } from './step';

/**
 * @param push builds the image and pushes it, as `kairos image push` does.
 * @returns the digest of the image of the backend's source, which is made when ECR does not have it.
 * @throws UserError before anything starts when it must be built and there is no Docker.
 */
export async function sourceImage(environment: LiveEnvironment, push: () => Promise<void>): Promise<string> {
  const { configuration, ecr, shell } = environment;
  const context = sourceContext(configuration.image, shell);
  const address = { ecr, repository: configuration.image.repository, tag: context.tag };
  const present = await digestOf(address);
  if (present !== undefined) return present;
  if (environment.separate !== undefined) throw notPushed(environment.separate, context.tag);
  const home = await localHomeOf(shell);
  if (home !== undefined) {
    // The local cloud runs what was staged for a digest, with Docker or without.
    const { putLocalImage } = await import('../local/image');
    return (await putLocalImage({ ...address, home, context, shell, onProgress: tell })).digest;
  }
  await requireDocker(context.tag, shell);
  await step(`builds and pushes ${context.tag}`, push);
  const pushed = await digestOf(address);
  if (pushed === undefined) throw new UserError(`the build ended, and ECR has no image ${context.tag}`);
  return pushed;
}

/** Whoever deploys into an account of its own may pull from the shared one, and push nothing. */
function notPushed({ name, registryId }: SeparateAccount, tag: string): UserError {
  return new UserError(
    `ECR of account ${registryId} has no image of this source (${tag}), and these credentials are those of ${name}'s own account, which only pulls; nothing was changed; with credentials of ${registryId}: npx kairos image push, or name an image that is there: --digest sha256:…`,
  );
}

async function requireDocker(tag: string, shell: LiveEnvironment['shell']): Promise<void> {
  const found = await run('docker', ['version', '--format', '{{.Server.Version}}'], { shell }).catch(
    () => undefined,
  );
  if (found?.code === 0) return;
  throw new UserError(
    `ECR has no image of this source (${tag}), and no Docker daemon answers that could build it; nothing was changed; start Docker, or name an image that is there: --digest sha256:…, or --from <environment>`,
  );
}
