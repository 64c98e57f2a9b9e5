import { UserError } from '../../../../errors';
import { clockCheck } from '../../../../cli/doctor/clock';
import { dockerCheck } from '../../../../cli/doctor/docker';
import { cdktfCheck, nodeCheck, pythonCheck, terraformCheck } from '../../../../cli/doctor/tools';
import { dependencies } from '../../../../package.json';

describe('node', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['24.1.0', 'ok'],
    ['20.18.9', 'wrong'],
    ['18.20.8', 'wrong'],
  ])('%s is %s', async (version, state) => {
    expect(await nodeCheck(version).run()).toMatchObject({ state, found: version });
  });
});

describe('terraform', () => {
  it.each([
    ['as pinned', { version: '1.11.4' }, 'ok', '1.11.4, as pinned'],
    ['another version', { version: '1.13.0' }, 'ok', '1.13.0; the project is tested with 1.11.4'],
    ['none', { fault: 'no "terraform" was found' }, 'wrong', 'no "terraform" was found'],
  ])('%s', async (_, fakeTerraform, state, found) => {
    const check = terraformCheck(() => Promise.resolve(fakeTerraform), '1.11.4');
    expect(await check.run()).toMatchObject({ state, found });
  });

  it.each([
    [false, 'let "npx kairos local up" download it'],
    [true, 'unset TERRAFORM_BINARY_NAME'],
  ])('is not downloaded if another one is named (%s)', async (isNamed, advice) => {
    const check = terraformCheck(() => Promise.resolve({ fault: 'none' }), '1.11.4', isNamed);
    expect(await check.run()).toMatchObject({ advice: expect.stringContaining(advice) as string });
  });
});

describe('python', () => {
  it.each([
    [[3, 12], 'ok'],
    [[3, 10], 'unknown'],
    [[3, 14], 'unknown'],
  ] as const)('%j is %s', async (version, state) => {
    const fakePython = () => Promise.resolve({ command: 'python3', version });
    expect(await pythonCheck(fakePython).run()).toMatchObject({ state });
  });

  it('is wrong if there is none', async () => {
    const none = () => Promise.reject(new UserError('Python 3.10 or newer is needed; install one'));
    expect(await pythonCheck(none).run()).toMatchObject({ state: 'wrong', advice: 'install one' });
  });
});

describe('cdktf', () => {
  const wanted = dependencies['cdktf-cli'];
  const missing = (): string => {
    throw new Error("Cannot find module 'cdktf-cli/package.json'");
  };

  it.each<[string, () => string, string]>([
    ['of the version in the lock file', () => wanted, 'ok'],
    ['of another version', () => '0.20.0', 'wrong'],
    ['that is not installed', missing, 'wrong'],
  ])('%s', async (_, fakeInstalled, state) => {
    const finding = await cdktfCheck(fakeInstalled).run();
    expect(finding.state).toBe(state);
    expect(finding.advice).toBe(state === 'ok' ? undefined : 'npm ci');
  });
});

describe('docker', () => {
  const fakeDaemon = (info: unknown) => () => Promise.resolve({ code: 0, stdout: JSON.stringify(info) });
  const containerd = [['driver-type', 'io.containerd.snapshotter.v1']];

  it.each([
    ['a daemon with its own store', { ServerVersion: '26.1.0', DriverStatus: [] }, 'ok', '26.1.0'],
    [
      'a new daemon with the containerd store',
      { ServerVersion: '29.1.0', DriverStatus: containerd },
      'ok',
      '29.1.0, with the containerd image store',
    ],
    [
      'an old daemon with the containerd store',
      { ServerVersion: '26.1.0', DriverStatus: containerd },
      'wrong',
      "26.1.0 with the containerd image store, which cannot build by Terraform's provider",
    ],
    [
      'a daemon that does not run',
      { ServerVersion: '', ServerErrors: ['Cannot connect to the Docker daemon'] },
      'unknown',
      'Cannot connect to the Docker daemon',
    ],
  ])('%s', async (_, info, state, found) => {
    expect(await dockerCheck(fakeDaemon(info)).run()).toMatchObject({ state, found });
  });

  it('is optional', async () => {
    const finding = await dockerCheck(() => Promise.resolve(undefined)).run();
    expect(finding).toMatchObject({ state: 'unknown', found: 'there is no docker command' });
  });

  it('does not run if its output is not JSON', async () => {
    const finding = await dockerCheck(() => Promise.resolve({ code: 1, stdout: '' })).run();
    expect(finding).toMatchObject({ state: 'unknown', found: 'no Docker daemon answers' });
  });
});

describe('clock', () => {
  const there = new Date('2026-11-28T12:00:00Z');

  it.each([
    [0, 'ok', 'agrees'],
    [1, 'ok', 'agrees'],
    [42, 'ok', '42 s ahead, which AWS tolerates'],
    [-299, 'ok', '299 s behind, which AWS tolerates'],
    [301, 'wrong', '301 s ahead'],
    [-86_400, 'wrong', '86400 s behind'],
  ])('%i s ahead is %s', async (seconds, state, words) => {
    const fakeAnswer = { there, here: new Date(there.getTime() + seconds * 1000) };
    const finding = await clockCheck(() => Promise.resolve(fakeAnswer)).run();
    expect(finding.state).toBe(state);
    expect(finding.found).toContain(words);
  });
});
