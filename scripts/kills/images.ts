import { ECRClient } from '@aws-sdk/client-ecr';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { putLocalImage } from '../../cli/local/image';
import { configuration } from '../../config/environments';
import { readBuildContext } from '../../images/build-context';
import type { LocalCloud } from '../local-cloud';
import type { Look } from './look';

const root = resolve(__dirname, '..', '..');
const greeting = 'return Message(message="Hello from Kairos")';

/** The digests of two images that differ. */
export interface Images {
  /** Answers as the one that is live does, in other words. */
  readonly good: string;
  /** Answers 500. */
  readonly broken: string;
}

/** Puts them. @param folder an empty one, which gets their source. */
export async function putImages(cloud: LocalCloud, look: Look, folder: string): Promise<Images> {
  const put = (name: string, line: string) => putChanged(cloud, look, join(folder, name), line);
  return {
    good: await put('good', 'return Message(message="Hello again from Kairos")'),
    broken: await put('broken', 'raise RuntimeError("broken")'),
  };
}

async function putChanged(
  { home, shell }: LocalCloud,
  { clientOptions }: Look,
  source: string,
  line: string,
): Promise<string> {
  mkdirSync(source, { recursive: true });
  cpSync(join(root, 'examples', 'backend'), source, { recursive: true });
  const file = join(source, 'kairos', 'routes', 'root.py');
  writeFileSync(file, readFileSync(file, 'utf8').replace(greeting, line));
  const { repository, baseImage, recipe, maximumContextBytes } = configuration.image;
  const { digest } = await putLocalImage({
    ecr: new ECRClient(clientOptions),
    home,
    repository,
    context: readBuildContext({
      source,
      overlay: join(root, 'images', 'backend'),
      platform: 'linux/amd64',
      baseImage,
      recipe,
      maximumBytes: maximumContextBytes,
    }),
    shell,
    onProgress: () => undefined,
  });
  return digest;
}
