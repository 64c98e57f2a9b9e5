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
 * @param push builds and pushes the image, like `kairos image push`.
 * @returns the digest of the image of the backend's source. It is built if ECR does not have it.
 * @throws UserError before anything starts, if it must be built and there is no Docker.
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
    // The local cloud runs what was staged for a digest, with or without Docker.
    const { putLocalImage } = await import('../local/image');
    return (await putLocalImage({ ...address, home, context, shell, onProgress: tell })).digest;
  }
  await requireDocker(context.tag, shell);
  await step(`builds and pushes ${context.tag}`, push);
  const pushed = await digestOf(address);
  if (pushed === undefined) throw new UserError(`the build ended, and ECR has no image ${context.tag}`);
  return pushed;
}

/** A principal that deploys into a separate account may pull images, but not push them. */
function notPushed({ name, registryId, pushedTo }: SeparateAccount, tag: string): UserError {
  const copied = registryId === pushedTo ? '' : ', from where ECR copies it within minutes (docs/scale.md)';
  return new UserError(
    `ECR of account ${registryId} has no image of this source (${tag}), and these credentials belong to the separate account of ${name}, which may only pull; nothing was changed; with credentials of ${pushedTo}: npx kairos image push${copied}; or name an image that is there: --digest sha256:…`,
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
