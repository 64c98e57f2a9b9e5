import { messageOf, UserError } from '../../errors';
import { userErrorOf } from '../faults';

/** What a check says. */
export interface Finding {
  /** `unknown`: it could not be told, or nothing that is needed today depends on it. */
  readonly state: 'ok' | 'wrong' | 'unknown';
  /** What was found, in a few words. */
  readonly found: string;
  /** What to type or to change. @default - nothing */
  readonly advice?: string;
}

/** One thing that is looked at; it changes nothing, and needs no other check. */
export interface Check {
  /** Which one it is, in one word. */
  readonly id: string;
  /** What it looks at, in a few words. */
  readonly title: string;
  readonly run: () => Promise<Finding>;
}

export type CheckResult = Omit<Check, 'run'> & Finding;

export const ok = (found: string): Finding => ({ state: 'ok', found });
export const wrong = (found: string, advice: string): Finding => ({ state: 'wrong', found, advice });
export const unknown = (found: string, advice?: string): Finding => ({ state: 'unknown', found, advice });

/** @returns what an error of this program says is wrong, and after its semicolon what to do about it. */
export function wrongBy({ message }: UserError): Finding {
  const [found = message, ...rest] = message.split('; ');
  return { state: 'wrong', found, advice: rest.length === 0 ? undefined : rest.join('; ') };
}

/** How long a check may take, in milliseconds: a proxy that swallows requests must not hide what the others found. */
const defaultPatience = 20_000;

/** Starts a check. @returns its finding, also when it could not look, or did not come to an end. */
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
