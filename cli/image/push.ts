import type { ECRClient } from '@aws-sdk/client-ecr';
import cdktf from '../../cdktf.json';
import { imageStackName } from '../../config/names';
import type { ImageConfiguration } from '../../config/types';
import { UserError } from '../../errors';
import type { BuildContext, Platform } from '../../images/build-context';
import type { BackendPathSources } from '../../images/backend-path';
import { backendContext } from '../../images/select-image';
import { openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { during, type Phase } from '../interruption';
import { localHomeOf } from '../local/current';
import { putLocalImage } from '../local/image';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import { tell } from '../terminal';
import { findProviderMirrors } from '../tools/terraform';
import { checkPushedImage, digestOf, type ImageAddress, type RegistryLogin, registryLogin } from './registry';

/** An image that ECR has and Lambda takes. */
export interface PresentImage {
  readonly digest: string;
  /** Whether it was made now. */
  readonly pushed: boolean;
}

/** An image that was asked for, by its tag. */
export interface PushedImage extends PresentImage {
  readonly tag: string;
  /** Whether it has no content: so the local cloud has it where there was no Docker. */
  readonly standIn: boolean;
}

/** Builds the image of the backend and pushes it, unless ECR has it already. */
export async function pushImage(shell: Shell): Promise<PushedImage> {
  const { configuration, clientOptions } = await openAccount(shell);
  const context = sourceContext(configuration.image, shell);
  const { ECRClient } = await import('@aws-sdk/client-ecr');
  const ecr = new ECRClient(clientOptions);
  ecr.middlewareStack.add(rememberCalls, { step: 'initialize' });
  const address = { ecr, repository: configuration.image.repository, tag: context.tag };
  const byProvider = () => ensurePushed(address, context.platform, () => build(ecr));
  const home = await localHomeOf(shell);
  return during(phaseOf(context.tag), async () => {
    if (home === undefined) return { tag: context.tag, ...(await byProvider()), standIn: false };
    const local = { ...address, home, context, shell, onProgress: tell, mayStandIn: false };
    // Out of the registry's reach, Docker's own command does what the provider would do.
    const made = findProviderMirrors(shell).docker === undefined ? undefined : await byProvider();
    const { digest, pushed, standIn } = await putLocalImage(local);
    return { tag: context.tag, digest, pushed: made?.pushed ?? pushed, standIn };
  });
}

/** @returns what the image of the backend's source is built from. */
export function sourceContext(image: ImageConfiguration, shell: Shell): BuildContext {
  return backendContext(image, sourcesOf(shell));
}

/** @returns what names the backend's checkout. */
export function sourcesOf(shell: Shell): BackendPathSources {
  return { environment: shell, context: cdktf.context.backendPath, root: projectRoot };
}

/**
 * @param make builds and pushes; it is not called when the tag is there.
 * @throws UserError when Lambda would not take the image, also one that an earlier run has pushed.
 */
export async function ensurePushed(
  address: ImageAddress,
  platform: Platform,
  make: () => Promise<void>,
): Promise<PresentImage> {
  const present = await digestOf(address);
  if (present === undefined) await make();
  const digest = present ?? (await digestOf(address));
  if (digest === undefined) throw new UserError(`the build ended, and ECR has no image ${address.tag}`);
  await checkPushedImage(address, platform);
  return { digest, pushed: present === undefined };
}

async function build(ecr: ECRClient): Promise<void> {
  await deployImage(await registryLogin(ecr));
}

function phaseOf(tag: string): Phase {
  return {
    live: `ECR may have ${tag} already, and nothing runs it`,
    next: 'npx kairos image push (looks, and goes on)',
  };
}

/** The build itself is Terraform's, by the real cdktf; its output goes to the person. */
async function deployImage({ user, password }: RegistryLogin): Promise<void> {
  const [{ runCdktf }, { stateFault }] = await Promise.all([import('../cdktf'), import('../state-faults')]);
  const args = ['deploy', imageStackName, '--auto-approve', '--skip-provider-lock'];
  const { code, output } = await runCdktf(args, {
    // Named by digest, there would be nothing to build.
    shell: {
      ...process.env,
      KAIROS_IMAGE_DIGEST: undefined,
      DOCKER_REGISTRY_USER: user,
      DOCKER_REGISTRY_PASS: password,
    },
    onLine: tell,
  });
  if (code === 0) return;
  const fault = stateFault(output, [imageStackName], process.env);
  throw new UserError(
    `the image was not pushed${fault === undefined ? '; what cdktf said is above' : `: ${fault}`}`,
  );
}
