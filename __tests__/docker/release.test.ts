import { ECRClient, ListImagesCommand } from '@aws-sdk/client-ecr';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { releaseSchema, statusSchema } from '../../cli/schemas/release';
import { DeployedCloud } from '../support/deployed-cloud';
import { expectSuccess } from '../support/project';
import { inPipe, until } from '../support/started-command';
import { baseImage, example } from './support/built-image';
import { commandShell, dockerObstacle, type DockerHost, openDockerHost } from './support/host';

const root = resolve(__dirname, '..', '..');
const [, startInPipe] = inPipe;
const obstacle = dockerObstacle();
const describeWithDocker = obstacle === undefined ? describe : describe.skip;
const suffix = obstacle === undefined ? '' : ` (skipped: ${obstacle})`;

describeWithDocker(`the source of the backend, where Docker is at hand${suffix}`, () => {
  const room = mkdtempSync(join(tmpdir(), 'kairos-release-'));
  const source = join(room, 'backend');
  const route = join(source, 'kairos', 'routes', 'root.py');
  let host: DockerHost;
  let cloud: DeployedCloud;
  let door: string;

  /** What a commit to the backend does. */
  const greet = (words: string) => {
    writeFileSync(route, readFileSync(route, 'utf8').replace(/message="[^"]*"/, `message="${words}"`));
  };
  const answer = async () => (await fetch(`${door}/api/v1/`)).text();
  const live = async () =>
    statusSchema.parse(JSON.parse(expectSuccess(await cloud.kairos(['status', 'dev', '--json'])).stdout))
      .live;
  const inEcr = async (tag: string) =>
    (
      await new ECRClient(cloud.clientOptions).send(new ListImagesCommand({ repositoryName: 'kairos' }))
    ).imageIds?.some(({ imageTag }) => imageTag === tag);
  const containers = async () =>
    (await host.docker(['ps', '--filter', 'name=kairos-', '--format', '{{.Image}}'])).split('\n');

  beforeAll(async () => {
    cpSync(example, source, { recursive: true });
    host = await openDockerHost(join(room, 'daemon'));
    await baseImage(host, join(room, 'base'));
    const docker = commandShell(host, join(room, 'bin'));
    cloud = await DeployedCloud.up('docker', 'dev', { ...docker, KAIROS_BACKEND_PATH: source });
    door = (cloud.shell.KAIROS_CONNECT_TO ?? '').replace(/^[^=]*=/, '').split(' ')[0] ?? '';
  });

  afterAll(async () => {
    await cloud.down();
    await host.stop();
    rmSync(room, { recursive: true, force: true });
  });

  it('finds the image that npm run local has built, which runs in a container', async () => {
    expect(await answer()).toContain('Hello from Kairos');
    expect(await containers()).not.toEqual(['']);
    const { stdout, output } = expectSuccess(await cloud.kairos(['release', 'dev', '--json']));
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({ digest: (await live())?.digest });
    expect(output).not.toMatch(/pushes the image/);
  });

  it('builds an image that ECR does not have, pushes it, and makes it live', async () => {
    const before = await live();
    greet('Hello, built');
    const { stdout, output } = expectSuccess(await cloud.kairos(['release', 'dev', '--json']));
    const released = releaseSchema.parse(JSON.parse(stdout));
    expect(released).toMatchObject({ outcome: 'released', stateAgrees: true });
    expect(released.digest).not.toBe(before?.digest);
    expect(output).toMatch(/pushes the image/);
    expect(await answer()).toContain('Hello, built');
    expect(await live()).toMatchObject({ digest: released.digest });
  });

  it('does not build the same image again', async () => {
    const { stdout, output } = expectSuccess(await cloud.kairos(['release', 'dev', '--json']));
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'unchanged' });
    expect(output).not.toMatch(/pushes the image/);
  });

  it('sends no test request with --no-smoke, even if the image is broken, and kairos rollback restores the previous version', async () => {
    const before = await live();
    const good = readFileSync(route, 'utf8');
    writeFileSync(route, good.replace(/return Message\(message="[^"]*"\)/, 'raise RuntimeError("broken")'));
    const { stdout } = expectSuccess(await cloud.kairos(['release', 'dev', '--no-smoke', '--json']));
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'released' });
    expect((await fetch(`${door}/api/v1/`)).status).toBe(500);
    writeFileSync(route, good);
    expectSuccess(await cloud.kairos(['rollback', 'dev']));
    expect(await live()).toMatchObject({ digest: before?.digest });
    expect(await answer()).toContain('Hello, built');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves no image in ECR when %s stops a push during the Docker build, and the next push succeeds',
    async (signal) => {
      greet(`Hello, ${signal}`);
      const { stdout: tag } = expectSuccess(await cloud.kairos(['image', 'tag']));
      const push = startInPipe('node', ['bin/kairos.js', 'image', 'push'], { shell: cloud.shell, cwd: root });
      await until(() => push.text().includes('builds the image with Docker'), push);
      process.kill(push.pid, signal);
      expect(await push.exited).toBe(128 + constants.signals[signal]);
      expect(push.text()).toMatch(/nothing runs it[\s\S]*npx kairos image push/);
      expect(await inEcr(tag.trim())).toBe(false);
      const again = expectSuccess(await cloud.kairos(['image', 'push', '--json']));
      expect(JSON.parse(again.stdout)).toMatchObject({ tag: tag.trim(), pushed: true, standIn: false });
      expect(await inEcr(tag.trim())).toBe(true);
    },
  );
});
