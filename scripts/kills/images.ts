import { join } from 'node:path';
import { putChangedExample } from '../backend-image';
import type { LocalCloud } from '../local-cloud';
import type { Look } from './look';

const routes = join('kairos', 'routes', 'root.py');
const greeting = 'return Message(message="Hello from Kairos")';

/** The digests of two different images. */
export interface Images {
  /** It answers like the live image, with another text. */
  readonly good: string;
  /** It answers 500. */
  readonly broken: string;
}

/** Pushes them. */
export async function putImages(cloud: LocalCloud, look: Look): Promise<Images> {
  const { home, shell } = cloud;
  const target = { home, shell, clientOptions: look.clientOptions };
  const put = (line: string) => putChangedExample(target, routes, (text) => text.replace(greeting, line));
  return {
    good: await put('return Message(message="Hello again from Kairos")'),
    broken: await put('raise RuntimeError("broken")'),
  };
}
