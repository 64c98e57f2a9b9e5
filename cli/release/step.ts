import { tell } from '../terminal';

/** How often a long step reports its progress, in milliseconds. */
const interval = 15_000;

/** A step that takes longer reports its end, in milliseconds. */
const worthSaying = 1_000;

/**
 * Runs one step of a long operation, and reports what it is waiting for, and since when.
 * @param title what is done, such as "deploys kairos-dev".
 * @param work the step; it may report its progress.
 */
export async function step<T>(
  title: string,
  work: (report: (words: string) => void) => Promise<T>,
): Promise<T> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  let progress = '';
  tell(`${title} …`);
  const timer = setInterval(() => {
    tell(`${title}: since ${seconds()}${progress === '' ? '' : `, ${progress}`}`);
  }, interval);
  try {
    const result = await work((words) => {
      progress = words;
    });
    if (Date.now() - started > worthSaying) tell(`${title}: done after ${seconds()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
