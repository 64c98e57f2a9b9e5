import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { releaseMetric } from '../../aws/own-metrics';
import { messageOf } from '../../errors';
import { rememberCalls } from '../aws-calls';
import { userErrorOf } from '../faults';
import { alarmRegions } from '../live/alarms';
import type { LiveEnvironment } from '../live/environment';
import { tell, yellow } from '../terminal';

/** How often the mark is put, in milliseconds: each minute must have a value. */
const interval = 30_000;

/**
 * Runs work that changes an environment, while its composite alarms are suppressed. If the work fails, the suppression
 * ends at once. After successful work it expires within minutes, and so have the effects of the change. The same is
 * true for a process that was killed.
 * @param endsSilence whether the result needs no suppression: nothing was done, or it failed.
 */
export async function whileSilent<T>(
  environment: LiveEnvironment,
  work: () => Promise<T>,
  endsSilence: (result: T) => boolean,
): Promise<T> {
  const mark = await ReleaseMark.open(environment);
  mark.begin();
  try {
    const result = await work();
    await (endsSilence(result) ? mark.takeBack() : mark.leave());
    return result;
  } catch (error) {
    await mark.takeBack();
    throw error;
  }
}

/** The metric that marks a release in progress, in each region with alarms. */
class ReleaseMark {
  private timer: NodeJS.Timeout | undefined;
  /** The pending value. Values are put one after the other; otherwise a 1 could arrive after the 0. */
  private saying: Promise<void> = Promise.resolve();
  private hasComplained = false;

  private constructor(
    private readonly environment: LiveEnvironment,
    private readonly clients: readonly CloudWatchClient[],
  ) {}

  static async open(environment: LiveEnvironment): Promise<ReleaseMark> {
    const { clientOptions, configuration, name } = environment;
    if (configuration.environments[name].observability === false) return new ReleaseMark(environment, []);
    const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
    const clients = alarmRegions(environment).map((region) => {
      const client = new CloudWatchClient({ ...clientOptions, region });
      client.middlewareStack.add(rememberCalls, { step: 'initialize' });
      return client;
    });
    return new ReleaseMark(environment, clients);
  }

  /** Does not wait for CloudWatch, because a rollback must be fast. */
  begin(): void {
    this.say(1);
    this.timer = setInterval(() => {
      this.say(1);
    }, interval);
  }

  async leave(): Promise<void> {
    clearInterval(this.timer);
    await this.saying;
  }

  async takeBack(): Promise<void> {
    clearInterval(this.timer);
    this.say(0);
    await this.saying;
  }

  private say(value: 0 | 1): void {
    this.saying = this.saying.then(() => this.put(value));
  }

  /** If the alarms cannot be suppressed, the release continues, and a line says so. */
  private async put(value: 0 | 1): Promise<void> {
    const { PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
    const { namespace, name } = releaseMetric(this.environment.names.stack);
    try {
      await Promise.all(
        this.clients.map((client) =>
          client.send(
            new PutMetricDataCommand({
              Namespace: namespace,
              MetricData: [{ MetricName: name, Value: value, Timestamp: new Date() }],
            }),
          ),
        ),
      );
    } catch (error) {
      if (this.hasComplained) return;
      this.hasComplained = true;
      const why = (userErrorOf(error) ?? { message: messageOf(error) }).message;
      tell(yellow(`the alarms of ${this.environment.names.stack} do not know of this: ${why}`));
    }
  }
}
