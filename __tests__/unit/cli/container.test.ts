import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildContainer } from '../../../cli/local/container';
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

/** A folder with a `docker` that notes its arguments, and whose daemon and builds answer with given exit codes. */
function fakeDocker(daemon: number, build: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-docker-'));
  const script = [
    '#!/bin/sh',
    `[ "$1" = version ] && exit ${daemon}`,
    `echo "$@" > ${folder}/asked`,
    'echo "no such base"',
    `exit ${build}`,
  ];
  writeFileSync(join(folder, 'docker'), `${script.join('\n')}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  return folder;
}

function buildWith(
  folder: string,
  more: Readonly<Record<string, string>> = {},
  operatingSystem: NodeJS.Platform = 'linux',
) {
  const told: string[] = [];
  const shell = { PATH: `${folder}:/usr/bin:/bin`, ...more };
  const onProgress = (words: string) => {
    told.push(words);
  };
  return buildContainer({ context, folder: '/staged', shell, onProgress, operatingSystem }).then(
    (reference) => ({
      reference,
      told,
    }),
  );
}

describe('the container of the local cloud', () => {
  it('is built from the staged context with the arguments that the stack gives', async () => {
    const folder = fakeDocker(0, 0);
    const { reference } = await buildWith(folder);
    expect(reference).toBe('kairos-local:src-0123');
    expect(readFileSync(join(folder, 'asked'), 'utf8').trim()).toBe(
      'build --tag kairos-local:src-0123 --platform linux/amd64 --file /staged/kairos_image/Dockerfile --build-arg BASE_IMAGE=base:1 /staged',
    );
  });

  it('is none without a daemon, and nothing is said of that', async () => {
    expect(await buildWith(fakeDocker(1, 0))).toEqual({ reference: undefined, told: [] });
  });

  it('is none on a Mac, whose containers do not share the loopback of the local cloud', async () => {
    expect(await buildWith(fakeDocker(0, 0), {}, 'darwin')).toEqual({ reference: undefined, told: [] });
  });

  it('is none when Docker is not wanted', async () => {
    const result = await buildWith(fakeDocker(0, 0), { KAIROS_LOCAL_RUNNER: 'process' });
    expect(result).toEqual({ reference: undefined, told: [] });
  });

  it('is none when the build fails, and the reason is told', async () => {
    const { reference, told } = await buildWith(fakeDocker(0, 1));
    expect(reference).toBeUndefined();
    expect(told.at(-1)).toBe('runs the backend without Docker, for the build failed: no such base');
  });
});
