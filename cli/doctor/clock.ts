import { UserError } from '../../errors';
import type { Shell } from '../process';
import { type Check, ok, wrong } from './check';

/** AWS refuses a signature whose time differs by more, in seconds. */
const tolerated = 300;

/** @param ask returns the time of AWS, and the local time of its response. */
export function clockCheck(ask: () => Promise<{ readonly there: Date; readonly here: Date }>): Check {
  return {
    id: 'clock',
    title: "clock, against AWS's",
    run: async () => {
      const { there, here } = await ask();
      const seconds = Math.round((here.getTime() - there.getTime()) / 1000);
      const size = Math.abs(seconds);
      if (size < tolerated) return ok(size < 2 ? 'agrees' : `${words(seconds)}, which AWS tolerates`);
      return wrong(
        `${words(seconds)}: AWS refuses requests whose signature time differs by more than ${tolerated} s`,
        'set the clock (Linux: timedatectl set-ntp true)',
      );
    },
  };
}

function words(seconds: number): string {
  return `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
}

/** @returns the check of this machine's clock. Every response has a date, so no credentials are needed. */
export function localClockCheck(region: string, shell: Shell): Check {
  const address = shell.AWS_ENDPOINT_URL ?? `https://sts.${region}.amazonaws.com`;
  return clockCheck(async () => {
    const answer = await fetch(address, { method: 'HEAD', redirect: 'manual' });
    const here = new Date();
    const there = new Date(answer.headers.get('date') ?? '');
    if (Number.isNaN(there.getTime())) throw new UserError(`${address} gave no date`);
    return { there, here };
  });
}
