import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { releaseMetric } from '../../aws/own-metrics';
import { messageOf } from '../../errors';
import { rememberCalls } from '../aws-calls';
import { userErrorOf } from '../faults';
import { alarmRegions } from '../live/alarms';
import type { LiveEnvironment } from '../live/environment';
import { tell, yellow } from '../terminal';

/** How often it is said that the work goes on, in milliseconds: each minute must have a value. */
const interval = 30_000;

/**
 * Does what changes an environment while its alarms of alarms are silent. Work that fails ends the silence at once. After
 * work that went well it runs out by itself, within minutes, in which what the change caused is over too; so does that
 * of a process that was killed.
 * @param endsSilence whether the result leaves nothing to be silent about: nothing was done, or it failed.
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

/** The metric that says that a release is in progress, in each region that has alarms. */
class ReleaseMark {
  private timer: NodeJS.Timeout | undefined;
  /** What is being said; one value after the other, or a 1 could come after the 0. */
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

  /** Does not wait for CloudWatch: who goes back is in a hurry. */
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

  /** A release is not worth less because nobody could be spared its alarms, so that is said and no more. */
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
