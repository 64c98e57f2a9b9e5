import { Command } from 'commander';
import cdktf from '../../cdktf.json';
import { imageStackName } from '../../config/names';
import { backendContext } from '../../images/select-image';
import { openAccount } from '../aws';
import { UserError } from '../../errors';
import { checkPushedImage, digestOf, registryLogin } from '../image/registry';
import { during, type Phase } from '../interruption';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import { command, print, printJson, tell } from '../terminal';

interface Options {
  readonly json?: true;
}

export function imageCommand(): Command {
  return new Command('image').addCommand(pushCommand());
}

function pushCommand(): Command {
  return new Command('push')
    .description('build the image of the backend and push it, unless ECR has it already; needs Docker')
    .option('--json', 'print tag and digest as JSON')
    .action(async ({ json }: Options) => {
      const { tag, digest, pushed } = await pushImage(process.env);
      if (json) printJson({ tag, digest, pushed });
      else print(`${tag} ${digest}${pushed ? '' : ' (was there already)'}`);
      tell(`next: ${command(`npx kairos release dev --digest ${digest}`)}`);
    });
}

/** Builds the image of the backend and pushes it, unless ECR has it already. */
export async function pushImage(
  shell: Shell,
): Promise<{ readonly tag: string; readonly digest: string; readonly pushed: boolean }> {
  const { configuration, clientOptions } = await openAccount(shell);
  const context = backendContext(configuration.image, {
    environment: shell,
    context: cdktf.context.backendPath,
    root: projectRoot,
  });
  const { ECRClient } = await import('@aws-sdk/client-ecr');
  const ecr = new ECRClient(clientOptions);
  const address = { ecr, repository: configuration.image.repository, tag: context.tag };
  const present = await digestOf(address);
  if (present !== undefined) return { tag: context.tag, digest: present, pushed: false };
  const login = await registryLogin(ecr);
  await during(phaseOf(context.tag), () => deployImage(login));
  await checkPushedImage(address, context.platform);
  const digest = await digestOf(address);
  if (digest === undefined) throw new UserError(`the build ended, and ECR has no image ${context.tag}`);
  return { tag: context.tag, digest, pushed: true };
}

function phaseOf(tag: string): Phase {
  return {
    live: `ECR may have ${tag} already, and nothing runs it`,
    next: 'npx kairos image push (looks, and goes on)',
  };
}

/** The build itself is Terraform's, by the real cdktf; its output goes to the person. */
async function deployImage({ user, password }: Awaited<ReturnType<typeof registryLogin>>): Promise<void> {
  const { lockedReason, runCdktf } = await import('../cdktf');
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
  throw new UserError(
    `the image was not pushed${lockedReason(output, process.env) ?? '; what cdktf said is above'}`,
  );
}
