import type { ECRClient } from '@aws-sdk/client-ecr';
import { ensurePushed } from '../../../../cli/image/push';
import { checkPushedImage } from '../../../../cli/image/registry';
import { digestIn, FakeRegistry } from '../../../support/fake-registry';

const registry = new FakeRegistry();
let ecr: ECRClient;
beforeAll(async () => {
  ecr = await registry.start();
});
afterAll(() => {
  registry.stop();
});
beforeEach(() => {
  registry.images.length = 0;
});

// Under load, loading the SDK alone takes seconds.
jest.setTimeout(60_000);

const arm = JSON.stringify({ os: 'linux', architecture: 'arm64' });
const intel = JSON.stringify({ os: 'linux', architecture: 'amd64' });
const index = 'application/vnd.oci.image.index.v1+json';

/** Pushes like a build would. @returns the result, and the number of builds. */
async function push(made: { readonly config?: string; readonly mediaType?: string } = { config: arm }) {
  let builds = 0;
  const address = { ecr, repository: 'kairos', tag: 'src-1' };
  const image = ensurePushed(address, 'linux/arm64', () => {
    builds += 1;
    registry.images.push({ tag: 'src-1', ...made });
    return Promise.resolve();
  });
  const refusal = await image.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  );
  return { refusal, builds, image: refusal === undefined ? await image : undefined };
}

it('builds a missing image once', async () => {
  expect(await push()).toMatchObject({ builds: 1, image: { pushed: true } });
  expect(await push()).toMatchObject({ builds: 0, image: { pushed: false } });
});

it.each([
  ['for another processor', { config: intel }, /^UserError: kairos:src-1 is for linux\/amd64/],
  ['that is an index', { mediaType: index }, /^UserError: kairos:src-1 is an index of images/],
  [
    'whose configuration is invalid',
    { config: '<html>' },
    /^UserError: the configuration of kairos:src-1 cannot be read/,
  ],
])('refuses an image %s, on the second run as on the first', async (_, made, words) => {
  const first = await push(made);
  expect(first.refusal).toMatch(words);
  expect(await push(made)).toEqual({ ...first, builds: 0 });
});

it.each([
  [true, /has no tag, and ECR deletes untagged images/],
  [false, undefined],
])('accepts an image by its digest if it has a tag (untagged: %s)', async (untagged, words) => {
  registry.images.push({ tag: 'src-1', config: arm, untagged });
  const digest = digestIn({ tag: 'src-1' });
  const check = checkPushedImage({ ecr, repository: 'kairos', digest }, 'linux/arm64');
  if (words === undefined) await expect(check).resolves.toBeUndefined();
  else await expect(check).rejects.toThrow(words);
});
