import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { configuration } from '../../../config/environments';
import { secretNames } from '../../../config/names';
import { UserError } from '../../../errors';
import { backendContext, findContext } from '../../../images/select-image';

const root = resolve(__dirname, '../../..');
const example = join(root, 'examples', 'backend');
const sources = { environment: { KAIROS_BACKEND_PATH: example }, context: undefined, root };
const { image } = configuration;

const withDockerfile = mkdtempSync(join(tmpdir(), 'select-image-own-'));
const empty = mkdtempSync(join(tmpdir(), 'select-image-'));
beforeAll(() => {
  cpSync(example, withDockerfile, { recursive: true });
  writeFileSync(join(withDockerfile, 'Dockerfile'), 'FROM scratch\n');
});
afterAll(() => {
  rmSync(withDockerfile, { recursive: true });
  rmSync(empty, { recursive: true });
});

it("is built from the named checkout and the project's overlay", () => {
  const { source, files } = backendContext(image, sources);
  expect(source).toBe(example);
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['kairos/main.py', 'kairos_image/start_up/start.py']));
});

it.each([
  ['x86_64', 'linux/amd64'],
  ['arm64', 'linux/arm64'],
] as const)('is for the processor of the table: %s', (architecture, platform) => {
  expect(backendContext({ ...image, architecture }, sources).platform).toBe(platform);
});

it('has another tag with another base image', () => {
  const changed = { ...image, baseImage: image.baseImage.replace(/\d+$/, '99') };
  expect(backendContext(changed, sources).tag).not.toBe(backendContext(image, sources).tag);
});

it('has a placeholder for every secret if the recipe imports the application', () => {
  expect(backendContext(image, sources).buildArguments).toMatchObject({
    REQUIRED_PARAMETERS: secretNames.join(','),
  });
});

it("gives the backend's own Dockerfile only arguments that it declares", () => {
  const own = backendContext(
    { ...image, recipe: 'backend' },
    { ...sources, environment: { KAIROS_BACKEND_PATH: withDockerfile } },
  );
  expect(Object.keys(own.buildArguments)).toEqual(['BASE_IMAGE']);
});

it('is refused if its context is larger than the table allows', () => {
  expect(() => backendContext({ ...image, maximumContextBytes: 10 }, sources)).toThrow(UserError);
});

describe('a synth', () => {
  it('has the context if there is a backend', () => {
    expect(findContext(image, sources)).toMatchObject({ tag: backendContext(image, sources).tag });
  });

  it.each([
    ['nothing names a checkout', {}, /KAIROS_BACKEND_PATH/],
    ['the checkout has no backend', { KAIROS_BACKEND_PATH: empty }, /pyproject|poetry\.lock|main\.py/],
  ])('says why it has no context if %s', (_, environment, words) => {
    const found = findContext(image, { ...sources, environment });
    expect('missing' in found && found.missing).toMatch(words);
  });

  it('reports faults of the project itself', () => {
    const environment = {
      get KAIROS_BACKEND_PATH(): string {
        throw new TypeError('no function');
      },
    };
    expect(() => findContext(image, { ...sources, environment })).toThrow(TypeError);
  });
});
