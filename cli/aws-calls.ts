/** What a call to AWS was about, as a policy names it. */
export interface AwsCall {
  /** The action: `ssm:PutParameter`. */
  readonly action: string;
  /** The name of what it works on, or an empty text. */
  readonly resource: string;
}

const calls = new WeakMap<object, AwsCall>();

/** @returns the call that ended in an error, when its client has `rememberCalls`. */
export function callOf(error: object): AwsCall | undefined {
  return calls.get(error);
}

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

/**
 * Middleware of the SDK's clients: S3 says "Access Denied" and nothing else, so an error is kept together with the
 * call that it ended. Add it in the step `initialize`.
 */
export function rememberCalls<Arguments extends { readonly input: object }, Output>(
  next: (given: Arguments) => Promise<Output>,
  { clientName = '', commandName = '' }: Context,
): (given: Arguments) => Promise<Output> {
  return async (given) => {
    try {
      return await next(given);
    } catch (error) {
      if (typeof error === 'object' && error !== null) {
        const service = clientName.replace(/Client$/, '').toLowerCase();
        const action = `${service}:${commandName.replace(/Command$/, '')}`;
        calls.set(error, { action, resource: resourceIn(given.input) });
      }
      throw error;
    }
  };
}

/** The members by which the services that are called here name what a call is about. */
const names = ['Bucket', 'Name', 'repositoryName', 'FunctionName', 'logGroupName'];

function resourceIn(input: object): string {
  const named = Object.entries(input).find(
    ([key, value]) => names.includes(key) && typeof value === 'string',
  );
  return named === undefined ? '' : String(named[1]);
}
