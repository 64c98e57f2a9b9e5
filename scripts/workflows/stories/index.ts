import { codeStories } from './code';
import { infrastructureStories } from './infrastructure';
import { queueStories } from './queue';
import type { Story } from './story';
import { upkeepStories } from './upkeep';

/** In the order in which they are run. */
export const stories: readonly Story[] = [
  ...infrastructureStories,
  ...queueStories,
  ...codeStories,
  ...upkeepStories,
];

/** By name, to run only some of them. */
export const chapters: Readonly<Record<string, readonly Story[]>> = {
  infrastructure: infrastructureStories,
  queue: queueStories,
  code: codeStories,
  upkeep: upkeepStories,
};
