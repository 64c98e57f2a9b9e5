import { tell } from '../terminal';

/** How often a step that lasts says so, in milliseconds. */
const interval = 15_000;

/** After this long a step is worth saying when it is over, in milliseconds. */
const worthSaying = 1_000;

/**
 * Does one step of something long and says on the way what is waited for, and since when.
 * @param title what is done, as "deploys kairos-dev".
 * @param work the step; it may say how far it is.
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
