import { ECRClient, type ECRClientConfig } from '@aws-sdk/client-ecr';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LocalHome } from '../cli/local/home';
import { sourceContext } from '../cli/image/push';
import { putLocalImage } from '../cli/local/image';
import type { Shell } from '../cli/process';
import { configuration } from '../config/environments';
import type { BuildContext } from '../images/build-context';

const root = resolve(__dirname, '..');

/** The folder of the example backend. */
export const exampleBackend = join(root, 'examples', 'backend');

/** A local cloud into which images are pushed. */
export interface ImageTarget {
  readonly home: LocalHome;
  readonly shell: Shell;
  readonly clientOptions: ECRClientConfig;
}

/**
 * @returns the sources of a backend's image, as `kairos image push` uses them. @param source the folder of the backend.
 */
export function contextOf(source: string): BuildContext {
  return sourceContext(configuration.image, { KAIROS_BACKEND_PATH: source });
}

/** Pushes the image of a backend into a local cloud. @returns its digest. */
export async function putBackendImage(
  { home, shell, clientOptions }: ImageTarget,
  source: string,
): Promise<string> {
  const { digest } = await putLocalImage({
    ecr: new ECRClient(clientOptions),
    home,
    repository: configuration.image.repository,
    context: contextOf(source),
    shell,
    onProgress: () => undefined,
  });
  return digest;
}

/**
 * Pushes an image of the example backend with a change.
 * @param file of the example. @param change returns its changed text.
 * @returns the digest. @throws if nothing was changed.
 */
export function putChangedExample(
  target: ImageTarget,
  file: string,
  change: (text: string) => string,
): Promise<string> {
  const source = mkdtempSync(join(tmpdir(), 'kairos-backend-'));
  cpSync(exampleBackend, source, { recursive: true });
  const path = join(source, file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`nothing was changed in ${file}`);
  writeFileSync(path, after);
  return putBackendImage(target, source);
}
