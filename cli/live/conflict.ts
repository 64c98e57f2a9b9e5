import { setTimeout as pause } from 'node:timers/promises';

/** How long it is waited for an update of the function that is in progress, and how often it is looked, in ms. */
const patience = { total: 60_000, between: 500 } as const;

/**
 * Lambda refuses a change while another one of the same function is in progress.
 * @param call what to do; it is done again until Lambda takes it.
 * @param onWait called once, when it has to be waited for.
 * @throws whatever else the call throws, and the refusal after a minute.
 */
export async function afterConflicts<T>(call: () => Promise<T>, onWait: () => void): Promise<T> {
  const until = Date.now() + patience.total;
  for (let first = true; ; first = false) {
    try {
      return await call();
    } catch (error) {
      const inProgress = error instanceof Error && error.name === 'ResourceConflictException';
      if (!inProgress || Date.now() > until) throw error;
      if (first) onWait();
      await pause(patience.between * (0.5 + Math.random()));
    }
  }
}
