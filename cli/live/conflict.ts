import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long to wait for an update of the function that is in progress, how often to check, and how often to report it,
 * in milliseconds.
 */
const patience = { total: 60_000, between: 500, say: 15_000 } as const;

/**
 * Lambda refuses a change while another change of the same function is in progress.
 * @param call the change; it is repeated until Lambda accepts it.
 * @param onWait called with the seconds so far when it has to wait, and again every 15 seconds.
 * @throws any other error of the call, and the refusal after a minute.
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
