import { setTimeout as pause } from 'node:timers/promises';
import { raisedAlarms } from '../live/alarms';
import type { LiveEnvironment } from '../live/environment';
import { tell } from '../terminal';
import { figuresOf, type FiguresOptions } from './figures';
import { figuresLine, verdict, type VersionFigures } from './verdict';

export interface WatchOptions {
  /** The new version. */
  readonly canary: string;
  /** The version that gets the rest of the requests. */
  readonly stable: string;
  /** The time from which its requests count. */
  readonly since: Date;
  /** How long to watch, in seconds. */
  readonly seconds: number;
}

/** How often to check, and how often to report, in milliseconds. */
const intervals = { look: 3_000, say: 15_000 } as const;

const idle: VersionFigures = { invocations: 0, errors: 0, serverErrors: 0 };

/**
 * Compares a new version with the one that was live, until the time is over.
 * @returns what is wrong with it, in one line; undefined if nothing is.
 */
export async function watch(
  environment: LiveEnvironment,
  options: WatchOptions,
): Promise<string | undefined> {
  const { canary, stable, since, seconds } = options;
  const clients = await openClients(environment);
  const started = Date.now();
  let said = 0;
  for (;;) {
    const passed = Date.now() - started;
    const figures = await figuresOf([canary, stable], { ...clients, names: environment.names, since });
    const [ofCanary, ofStable] = [figures.get(canary) ?? idle, figures.get(stable) ?? idle];
    const fault = verdict(ofCanary, ofStable) ?? (await alarmSince(environment, since));
    const isOver = passed >= seconds * 1000;
    if (fault !== undefined || isOver || Date.now() - said > intervals.say) {
      tell(
        `canary, ${Math.round(passed / 1000)} of ${seconds} s: version ${canary}: ${figuresLine(ofCanary)}; version ${stable}: ${figuresLine(ofStable)}`,
      );
      said = Date.now();
    }
    if (fault !== undefined) return `version ${canary}: ${fault}`;
    if (isOver) return undefined;
    await pause(Math.min(intervals.look, seconds * 1000 - passed));
  }
}

type Clients = Pick<FiguresOptions, 'cloudwatch' | 'logs'>;

async function openClients({ clientOptions }: LiveEnvironment): Promise<Clients> {
  const [{ CloudWatchClient }, { CloudWatchLogsClient }] = await Promise.all([
    import('@aws-sdk/client-cloudwatch'),
    import('@aws-sdk/client-cloudwatch-logs'),
  ]);
  return { cloudwatch: new CloudWatchClient(clientOptions), logs: new CloudWatchLogsClient(clientOptions) };
}

/** @returns the alarm of the environment that has gone into ALARM since, if any. */
async function alarmSince(environment: LiveEnvironment, since: Date): Promise<string | undefined> {
  const alarms = await raisedAlarms(environment);
  const alarm = alarms.find(({ since: at }) => at !== undefined && at > since);
  return alarm && `the alarm ${alarm.name} went off`;
}
