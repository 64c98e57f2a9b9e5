import { App } from 'cdktf';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readdirSync } from 'node:fs';
import { z } from 'zod';
import { configuration } from '../../../config/environments';
import { secretNames } from '../../../config/names';
import { findPython } from '../../../cli/tools/python';
import { run } from '../../../cli/process';
import { type BuildContext, type Platform, readBuildContext } from '../../../images/build-context';
import { ImageStack } from '../../../stacks/image-stack';
import { expectSuccess } from '../../support/project';
import type { DockerHost } from './host';

export const root = resolve(__dirname, '..', '..', '..');
export const example = join(root, 'examples', 'backend');

/** The platform of this machine. An image for another one would need an emulator. */
export const platform: Platform = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

const standIn = 'local/lambda-python:stand-in';

/**
 * @returns the reference of a replacement for the pinned base image; undefined if that can be pulled.
 * @param folder an empty folder for the replacement.
 */
export async function baseImage(host: DockerHost, folder: string): Promise<string | undefined> {
  const pinned = configuration.image.baseImage;
  const pull = await run(host.client, ['pull', '--quiet', '--platform', platform, pinned], {
    shell: host.shell,
  });
  if (pull.code === 0) return undefined;
  mkdirSync(folder, { recursive: true });
  const script = join(__dirname, 'stand-in-base.sh');
  const python = await productionPython();
  expectSuccess(await run('sh', [script, folder, python, host.client, standIn], { shell: host.shell }));
  // With the pinned name too, which the commands of the project use.
  await host.docker(['tag', standIn, pinned]);
  return standIn;
}

/** The Python version of the pinned base image if this machine has it, otherwise its newest one. */
async function productionPython(): Promise<string> {
  const versions = join(homedir(), '.pyenv', 'versions');
  const installed = existsSync(versions)
    ? readdirSync(versions).filter((name) => name.startsWith('3.12.'))
    : [];
  for (const command of [...installed.map((name) => join(versions, name, 'bin', 'python3')), 'python3.12']) {
    const { code } = await run(command, ['--version'], { shell: process.env }).catch(() => ({ code: 1 }));
    if (code === 0) return command;
  }
  return (await findPython(process.env, [3, 12])).command;
}

/** @returns the sources of an image of the backend in a folder, built on this machine. */
export function contextOf(source: string, base: string | undefined): BuildContext {
  return readBuildContext({
    source,
    overlay: join(root, 'images', 'backend'),
    platform,
    baseImage: base,
    buildArguments: { REQUIRED_PARAMETERS: secretNames.join(',') },
  });
}

const templateSchema = z.object({
  resource: z.object({
    docker_image: z.record(
      z.string(),
      z.object({
        name: z.string(),
        build: z.object({
          context: z.string(),
          dockerfile: z.string(),
          platform: z.string(),
          build_args: z.record(z.string(), z.string()).default({}),
          labels: z.record(z.string(), z.string()),
        }),
      }),
    ),
  }),
});

export interface SynthesizedImage {
  /** The folder of the stack's Terraform. */
  readonly folder: string;
  /** Repository and tag. */
  readonly name: string;
  /** The arguments of a `docker build` that builds the same image as the provider. */
  readonly buildArguments: readonly string[];
}

export interface SynthesisOptions {
  readonly context: BuildContext;
  /** The registry on this machine, `127.0.0.1:<port>`. */
  readonly registry: string;
  /** The output folder of the synth. */
  readonly outdir: string;
  readonly revision?: string;
}

/** Synthesizes the image stack, and reads from it what the provider would do. */
export function synthesizeImage({ context, registry, outdir, revision }: SynthesisOptions): SynthesizedImage {
  const app = new App({ outdir });
  new ImageStack(app, {
    accountId: '000000000000',
    region: 'eu-west-2',
    repository: 'github.com/example/infrastructure',
    imageRepository: 'kairos',
    context,
    stagingFolder: join(outdir, 'contexts'),
    registry: `http://${registry}`,
    revision,
  });
  app.synth();
  const folder = join(outdir, 'stacks', 'kairos-image');
  const template = templateSchema.parse(JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')));
  const [image] = Object.values(template.resource.docker_image);
  if (image === undefined) throw new Error('the stack has no image');
  const { build, name } = image;
  const contextFolder = join(folder, build.context);
  return {
    folder,
    name,
    buildArguments: [
      ...['build', '--quiet', '--platform', build.platform, '--file', join(contextFolder, build.dockerfile)],
      ...pairs('--build-arg', build.build_args),
      ...pairs('--label', build.labels),
      ...['--tag', name, contextFolder],
    ],
  };
}

function pairs(flag: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}
