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

/** An image in ECR that Lambda accepts. */
export interface PresentImage {
  readonly digest: string;
  /** Whether it was built now. */
  readonly pushed: boolean;
}

/** An image that was requested by its tag. */
export interface PushedImage extends PresentImage {
  readonly tag: string;
  /** Whether it is a placeholder without content, which the local cloud has if there was no Docker. */
  readonly standIn: boolean;
}

/** Builds the image of the backend and pushes it, unless ECR already has it. */
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
    // If the Terraform registry cannot be reached, Docker's own command does the same as the provider.
    const made = findProviderMirrors(shell).docker === undefined ? undefined : await byProvider();
    const { digest, pushed, standIn } = await putLocalImage(local);
    return { tag: context.tag, digest, pushed: made?.pushed ?? pushed, standIn };
  });
}

/** @returns the sources of the backend's image. */
export function sourceContext(image: ImageConfiguration, shell: Shell): BuildContext {
  return backendContext(image, sourcesOf(shell));
}

/** @returns the variables that name the backend's checkout. */
export function sourcesOf(shell: Shell): BackendPathSources {
  return { environment: shell, context: cdktf.context.backendPath, root: projectRoot };
}

/**
 * @param make builds and pushes; it is not called if the tag exists.
 * @throws UserError if Lambda would not accept the image, even if an earlier run has pushed it.
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
    next: 'npx kairos image push (checks, and continues)',
  };
}

/** Terraform builds the image, through the real cdktf. Its output is shown to the user. */
async function deployImage({ user, password }: RegistryLogin): Promise<void> {
  const [{ runCdktf }, { stateFault }] = await Promise.all([import('../cdktf'), import('../state-faults')]);
  const args = ['deploy', imageStackName, '--auto-approve', '--skip-provider-lock'];
  const { code, output } = await runCdktf(args, {
    // If it were named by digest, nothing would have to be built.
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
    `the image was not pushed${fault === undefined ? '; the output of cdktf is above' : `: ${fault}`}`,
  );
}
