import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long it is waited for an update of the function that is in progress, how often it is looked, and how often that
 * is said, in milliseconds.
 */
const patience = { total: 60_000, between: 500, say: 15_000 } as const;

/**
 * Lambda refuses a change while another one of the same function is in progress.
 * @param call what to do; it is done again until Lambda takes it.
 * @param onWait called with the seconds so far when it has to be waited for, and again every 15 seconds.
 * @throws whatever else the call throws, and the refusal after a minute.
 */
export async function afterConflicts<T>(
  call: () => Promise<T>,
  onWait: (seconds: number) => void,
): Promise<T> {
  const started = Date.now();
  let said = -Infinity;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const inProgress = error instanceof Error && error.name === 'ResourceConflictException';
      const now = Date.now();
      if (!inProgress || now - started > patience.total) throw error;
      if (now - said >= patience.say) {
        onWait(Math.round((now - started) / 1000));
        said = now;
      }
      await pause(patience.between * (0.5 + Math.random()));
    }
  }
}
