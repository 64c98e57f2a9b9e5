import { messageOf, UserError } from '../../errors';
import { userErrorOf } from '../faults';

/** The result of a check. */
export interface Finding {
  /** `unknown`: it could not be checked, or nothing depends on it today. */
  readonly state: 'ok' | 'wrong' | 'unknown';
  /** What was found, in a few words. */
  readonly found: string;
  /** What to type or to change. @default - nothing */
  readonly advice?: string;
}

/** One check. It changes nothing, and depends on no other check. */
export interface Check {
  /** Its name, in one word. */
  readonly id: string;
  /** What it checks, in a few words. */
  readonly title: string;
  readonly run: () => Promise<Finding>;
}

export type CheckResult = Omit<Check, 'run'> & Finding;

export const ok = (found: string): Finding => ({ state: 'ok', found });
export const wrong = (found: string, advice: string): Finding => ({ state: 'wrong', found, advice });
export const unknown = (found: string, advice?: string): Finding => ({ state: 'unknown', found, advice });

/** @returns the problem in an error of this program, and the instruction after its semicolon. */
export function wrongBy({ message }: UserError): Finding {
  const [found = message, ...rest] = message.split('; ');
  return { state: 'wrong', found, advice: rest.length === 0 ? undefined : rest.join('; ') };
}

/** The time limit of a check, in milliseconds: a proxy that does not answer must not hide the other results. */
const defaultPatience = 20_000;

/** Starts a check. @returns its result, even if the check failed or timed out. */
export async function result(check: Check, patience: number = defaultPatience): Promise<CheckResult> {
  const { id, title } = check;
  const timer = new AbortController();
  const late = new Promise<Finding>((resolve) => {
    const timeout = setTimeout(() => {
      resolve(unknown(`no answer within ${patience / 1000} s`, 'look for a proxy or a firewall in between'));
    }, patience);
    timer.signal.addEventListener('abort', () => {
      clearTimeout(timeout);
    });
  });
  try {
    return { id, title, ...(await Promise.race([check.run(), late])) };
  } catch (error) {
    return { id, title, ...unknown(messageOf(userErrorOf(error) ?? error)) };
  } finally {
    timer.abort();
  }
}
