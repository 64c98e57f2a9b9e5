/** A call to AWS, as a policy names it. */
export interface AwsCall {
  /** The action: `ssm:PutParameter`. */
  readonly action: string;
  /** The name of its resource, or an empty string. */
  readonly resource: string;
}

const calls = new WeakMap<object, AwsCall>();

/** @returns the call that caused an error, if its client has `rememberCalls`. */
export function callOf(error: object): AwsCall | undefined {
  return calls.get(error);
}

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

/**
 * Middleware for clients of the SDK. S3 only says "Access Denied", so an error is stored together with its call. Add it
 * in the step `initialize`.
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

/** The members with which the services that are called here name their resource. */
const names = ['Bucket', 'Name', 'repositoryName', 'FunctionName', 'logGroupName'];

function resourceIn(input: object): string {
  const named = Object.entries(input).find(
    ([key, value]) => names.includes(key) && typeof value === 'string',
  );
  return named === undefined ? '' : String(named[1]);
}
