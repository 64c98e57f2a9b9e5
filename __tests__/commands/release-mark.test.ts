import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { environmentOf, type LiveEnvironment } from '../../cli/live/environment';
import { raisedAlarms } from '../../cli/live/alarms';
import { whileSilent } from '../../cli/release/mark';
import { configuration } from '../../config/environments';
import { type EnvironmentName, namesOf } from '../../config/names';
import { releaseMetric } from '../../aws/own-metrics';
import { releaseMark } from '../../constructs/observability/release-mark';
import { BareCloud } from '../support/bare-cloud';

const regions = { 'eu-west-2': '', 'us-east-1': 'edge-' } as const;

let cloud: BareCloud;
beforeAll(async () => {
  cloud = await BareCloud.up();
});
beforeEach(async () => {
  await cloud.reset();
});
afterAll(async () => {
  await cloud.down();
});

function open(name: EnvironmentName, clientOptions = cloud.clientOptions): Promise<LiveEnvironment> {
  const options = { ...clientOptions, maxAttempts: 1 };
  return environmentOf({ configuration, clientOptions: options, caller: 'test' }, name, cloud.shell);
}

const cloudwatch = (region: string) => new CloudWatchClient({ ...cloud.clientOptions, region });

/** The alarms that the stack creates, in both regions. */
async function putMarks(name: EnvironmentName): Promise<void> {
  const { stack } = namesOf(name);
  const { namespace: Namespace, name: MetricName } = releaseMetric(stack);
  for (const [region, begin] of Object.entries(regions)) {
    const { id, threshold, period } = releaseMark(stack, begin);
    await cloudwatch(region).send(
      new PutMetricAlarmCommand({
        AlarmName: `${stack}-${id}`,
        Namespace,
        MetricName,
        Statistic: 'Minimum',
        Period: period,
        EvaluationPeriods: 1,
        Threshold: threshold,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      }),
    );
  }
}

/** @returns whether the alarms are on, by region. */
async function marks(): Promise<readonly (string | undefined)[]> {
  return Promise.all(
    Object.keys(regions).map(async (region) => {
      const { MetricAlarms = [] } = await cloudwatch(region).send(new DescribeAlarmsCommand({}));
      return MetricAlarms[0]?.StateValue;
    }),
  );
}

const on = ['ALARM', 'ALARM'];
const off = ['OK', 'OK'];

/**
 * @returns when the alarms of both regions have this state. If they never have, the test's time limit ends
 * it.
 */
async function until(states: readonly string[]): Promise<void> {
  while (!(await marks()).every((state, index) => state === states[index]))
    await new Promise((resolve) => setTimeout(resolve, 100));
}

describe('while a release is in progress', () => {
  it('the suppressing alarms are on, and stay on after a successful release', async () => {
    await putMarks('prod');
    await whileSilent(
      await open('prod'),
      () => until(on),
      () => false,
    );
    expect(await marks()).toEqual(on);
  });

  it('these alarms do not count as alarms of the environment', async () => {
    await putMarks('prod');
    const environment = await open('prod');
    const raised = await whileSilent(
      environment,
      async () => {
        await until(on);
        return raisedAlarms(environment);
      },
      () => false,
    );
    expect(raised).toEqual([]);
  });
});

describe('a release that fails', () => {
  it('ends the suppression at once, if its result is a failure', async () => {
    await putMarks('prod');
    expect(
      await whileSilent(
        await open('prod'),
        () => until(on).then(() => 'why'),
        () => true,
      ),
    ).toBe('why');
    expect(await marks()).toEqual(off);
  });

  it('ends the suppression at once, if it throws an error', async () => {
    await putMarks('prod');
    const work = async () => {
      await until(on);
      throw new Error('broken');
    };
    await expect(whileSilent(await open('prod'), work, () => false)).rejects.toThrow('broken');
    expect(await marks()).toEqual(off);
  });
});

describe('an environment', () => {
  it('without alarms gets no message', async () => {
    expect(configuration.environments.dev.observability).toBe(false);
    await putMarks('dev');
    await whileSilent(
      await open('dev'),
      () => Promise.resolve(),
      () => false,
    );
    expect(await marks()).not.toContain('ALARM');
  });

  it('whose alarms cannot be suppressed is released anyway, and one line says so', async () => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const nobody = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'no key of anybody' };
    const environment = await open('prod', { ...cloud.clientOptions, credentials: nobody });
    expect(
      await whileSilent(
        environment,
        () => Promise.resolve('done'),
        () => true,
      ),
    ).toBe('done');
    const lines = said.mock.calls
      .map(([line]) => String(line))
      .filter((line) => line.includes('do not know'));
    said.mockRestore();
    expect(lines).toEqual([expect.stringMatching(/^the alarms of kairos-prod do not know of this: .+/)]);
  });
});
