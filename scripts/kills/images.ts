import { join } from 'node:path';
import { putChangedExample } from '../backend-image';
import type { LocalCloud } from '../local-cloud';
import type { Look } from './look';

const routes = join('kairos', 'routes', 'root.py');
const greeting = 'return Message(message="Hello from Kairos")';

/** The digests of two images that differ. */
export interface Images {
  /** Answers as the one that is live does, in other words. */
  readonly good: string;
  /** Answers 500. */
  readonly broken: string;
}

/** Puts them. */
export async function putImages(cloud: LocalCloud, look: Look): Promise<Images> {
  const { home, shell } = cloud;
  const target = { home, shell, clientOptions: look.clientOptions };
  const put = (line: string) => putChangedExample(target, routes, (text) => text.replace(greeting, line));
  return {
    good: await put('return Message(message="Hello again from Kairos")'),
    broken: await put('raise RuntimeError("broken")'),
  };
}
