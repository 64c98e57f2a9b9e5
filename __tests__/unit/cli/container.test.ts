import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseRunner } from '../../../cli/local/container';
import type { BuildContext } from '../../../images/build-context';

const context: BuildContext = {
  source: '/backend',
  tag: 'src-0123',
  version: '1.0.0',
  platform: 'linux/amd64',
  dockerfile: 'kairos_image/Dockerfile',
  buildArguments: { BASE_IMAGE: 'base:1' },
  files: [],
  stage: () => undefined,
};

const noDaemon =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
const noBuildx = [
  'ERROR: BuildKit is enabled but the buildx component is missing or broken.',
  '       Install the buildx component to build images with BuildKit:',
  '       https://docs.docker.com/go/buildx/',
];

interface FakeDocker {
  /** The exit codes of the daemon, of the check for an image, and of a build. */
  readonly daemon?: number;
  readonly inspect?: number;
  readonly build?: number;
  /** The error output of a failed build. */
  readonly words?: readonly string[];
}

/** Creates a folder with a `docker` that records the arguments of a build. */
function fakeDocker({ daemon = 0, inspect = 1, build = 0, words = ['no such base'] }: FakeDocker): string {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-docker-'));
  const script = [
    '#!/bin/sh',
    `if [ "$1" = version ]; then echo "${noDaemon}" >&2; exit ${daemon}; fi`,
    `[ "$1" = image ] && exit ${inspect}`,
    `echo "$@" > ${folder}/asked`,
    ...words.map((line) => `echo "${line}" >&2`),
    `exit ${build}`,
  ];
  writeFileSync(join(folder, 'docker'), `${script.join('\n')}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  return folder;
}

function chooseWith(
  folder: string,
  more: Readonly<Record<string, string>> = {},
  operatingSystem: NodeJS.Platform = 'linux',
) {
  const shell = { PATH: `${folder}:/usr/bin:/bin`, ...more };
  const onProgress = () => undefined;
  const labels = { 'org.example.version': '1' };
  return chooseRunner({ context, folder: '/staged', labels, shell, onProgress, operatingSystem });
}

describe('the container of the local cloud', () => {
  it('is built from the staged context with the arguments of the stack', async () => {
    const folder = fakeDocker({});
    expect(await chooseWith(folder)).toEqual({ image: 'kairos-local:src-0123' });
    expect(readFileSync(join(folder, 'asked'), 'utf8').trim()).toBe(
      'build --tag kairos-local:src-0123 --platform linux/amd64 --file /staged/kairos_image/Dockerfile --build-arg BASE_IMAGE=base:1 --label org.example.version=1 /staged',
    );
  });

  it('is not built again if the daemon has it', async () => {
    const folder = fakeDocker({ inspect: 0 });
    expect(await chooseWith(folder)).toEqual({ image: 'kairos-local:src-0123' });
    expect(existsSync(join(folder, 'asked'))).toBe(false);
  });

  it("is not used without a daemon, and the reason is Docker's message", async () => {
    expect(await chooseWith(fakeDocker({ daemon: 1 }))).toEqual({ process: noDaemon });
  });

  it('is not used on a Mac, where containers do not share the loopback of the local cloud', async () => {
    expect(await chooseWith(fakeDocker({}), {}, 'darwin')).toEqual({
      process: 'containers can reach the local cloud only on Linux',
    });
  });

  it('is not used if Docker is turned off', async () => {
    expect(await chooseWith(fakeDocker({}), { KAIROS_LOCAL_RUNNER: 'process' })).toEqual({
      process: 'KAIROS_LOCAL_RUNNER says so',
    });
  });

  it("is not used if the build fails, and the reason is Docker's message", async () => {
    expect(await chooseWith(fakeDocker({ build: 1 }))).toEqual({
      process: 'docker build failed: no such base',
    });
  });

  it('is not used without buildx, and the reason is the whole message, not its last line', async () => {
    expect(JSON.stringify(await chooseWith(fakeDocker({ build: 1, words: noBuildx })))).toMatch(
      /the buildx component is missing or broken.* https:\/\/docs\.docker\.com\/go\/buildx\//,
    );
  });
});
