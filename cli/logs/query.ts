import type { CloudWatchLogsClient, QueryDefinition } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../errors';

export interface QueryOptions {
  readonly client: CloudWatchLogsClient;
  /** The environment's stack. Its saved queries are named `<stack>/<name>`. */
  readonly stack: string;
  readonly name: string;
  readonly since: Date;
  /** What to type if the query or its log group is missing. */
  readonly next: string;
}

type Row = Readonly<Record<string, string>>;

/** How often to check whether a query has ended, in milliseconds. */
const interval = 300;

/**
 * Runs a saved Insights query.
 * @throws UserError if there is no such query, with a list of those that exist, or if it fails.
 */
export async function runSavedQuery({
  client,
  stack,
  name,
  since,
  next,
}: QueryOptions): Promise<readonly Row[]> {
  const { DescribeQueryDefinitionsCommand, GetQueryResultsCommand } =
    await import('@aws-sdk/client-cloudwatch-logs');
  const { queryDefinitions } = await client.send(
    new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: `${stack}/` }),
  );
  const saved = queryDefinitions?.find((each) => each.name === `${stack}/${name}`);
  if (saved === undefined) {
    const names = (queryDefinitions ?? []).map((each) => each.name?.slice(stack.length + 1));
    throw new UserError(
      `${stack} has no saved query "${name}"; ${names.length === 0 ? `it has none; ${next}` : `it has ${names.join(', ')}`}`,
    );
  }
  const queryId = await start(saved, { client, stack, name, since, next });
  for (;;) {
    const { status, results } = await client.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') return (results ?? []).map(rowOf);
    if (status !== 'Running' && status !== 'Scheduled')
      throw new UserError(`the query "${name}" ended as ${status ?? 'unknown'}`);
    await pause(interval);
  }
}

async function start(
  { logGroupNames, queryString }: QueryDefinition,
  { client, stack, name, since, next }: QueryOptions,
): Promise<string | undefined> {
  const { ResourceNotFoundException, StartQueryCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const startTime = Math.floor(since.getTime() / 1000);
  const endTime = Math.ceil(Date.now() / 1000);
  try {
    const query = new StartQueryCommand({ logGroupNames, queryString, startTime, endTime });
    return (await client.send(query)).queryId;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    const groups = (logGroupNames ?? []).join(' or ');
    throw new UserError(`${stack} has no log group ${groups}, which the query "${name}" reads; ${next}`, {
      cause: error,
    });
  }
}

function rowOf(fields: readonly { readonly field?: string; readonly value?: string }[]): Row {
  const named = fields.filter(({ field }) => field !== undefined && field !== '@ptr');
  return Object.fromEntries(named.map(({ field = '', value = '' }) => [field, value]));
}
