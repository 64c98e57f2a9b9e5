import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { figuresOf } from '../../../../cli/release/figures';
import { namesOf } from '../../../../config/names';

const names = namesOf('dev');
const options = { region: 'eu-west-2', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

const askedSchema = z.object({
  logGroupName: z.string(),
  filterPattern: z.string(),
  nextToken: z.string().optional(),
});

type Asked = z.infer<typeof askedSchema>;

interface Page {
  readonly events: readonly object[];
  readonly nextToken?: string;
}

/** A client whose calls are answered here. */
function logsOf(answer: (input: Asked) => Page): CloudWatchLogsClient {
  const client = new CloudWatchLogsClient(options);
  client.middlewareStack.add(
    () => (given) =>
      Promise.resolve({ response: {}, output: { $metadata: {}, ...answer(askedSchema.parse(given.input)) } }),
    { step: 'initialize' },
  );
  return client;
}

function metricsOf(): CloudWatchClient {
  const client = new CloudWatchClient(options);
  client.middlewareStack.add(
    () => () => Promise.resolve({ response: {}, output: { $metadata: {}, MetricDataResults: [] } }),
    { step: 'initialize' },
  );
  return client;
}

const failed = (id: string) => ({ message: JSON.stringify({ status: '500', integrationRequestId: id }) });

async function serverErrorsOf(version: string, answer: (input: Asked) => Page) {
  const figures = await figuresOf([version], {
    cloudwatch: metricsOf(),
    logs: logsOf(answer),
    names,
    since: new Date(),
  });
  return figures.get(version)?.serverErrors;
}

describe('the server errors of a version', () => {
  it('are those whose request is in a log stream of that version', async () => {
    const answer = ({ logGroupName, filterPattern }: Asked): Page => {
      if (logGroupName === names.apiLogGroup) return { events: [failed('one'), failed('two')] };
      return { events: [{ logStreamName: `2026/11/30/[${filterPattern === '"one"' ? 7 : 6}]abc` }] };
    };
    expect(await serverErrorsOf('7', answer)).toBe(1);
  });

  it('are found if CloudWatch returns an empty page first', async () => {
    const answer = ({ logGroupName, nextToken }: Asked): Page => {
      if (nextToken === undefined) return { events: [], nextToken: 'more' };
      if (logGroupName === names.apiLogGroup) return { events: [failed('one')] };
      return { events: [{ logStreamName: '2026/11/30/[7]abc' }] };
    };
    expect(await serverErrorsOf('7', answer)).toBe(1);
  });

  it('do not include requests that never reached the function', async () => {
    const answer = ({ logGroupName }: Asked): Page => ({
      events: logGroupName === names.apiLogGroup ? [failed('-')] : [],
    });
    expect(await serverErrorsOf('7', answer)).toBe(0);
  });
});
