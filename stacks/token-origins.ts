import { types } from 'node:util';

/** The function of V8 that formats a stack trace: https://v8.dev/docs/stack-trace-api */
interface Traced {
  prepareStackTrace?: ((error: Error, frames: NodeJS.CallSite[]) => unknown) | undefined;
}

/**
 * cdktf stores a complete stack trace with each token, to print where the token was made if it cannot be resolved. That
 * takes 6% of a synth. The stack trace of an error is not affected.
 * @param work that makes tokens.
 * @returns what the work returns. @throws what the work throws.
 */
export function withoutTokenOrigins<Result>(work: () => Result): Result {
  const traced: Traced = Error;
  const before = traced.prepareStackTrace;
  // cdktf captures the trace in an object of its own, and treats an empty one as none:
  // https://github.com/hashicorp/terraform-cdk/blob/main/packages/cdktf/lib/tokens/private/stack-trace.ts
  traced.prepareStackTrace = (error, frames) => {
    if (!types.isNativeError(error)) return '';
    return before === undefined
      ? [String(error), ...frames.map(String)].join('\n    at ')
      : before(error, frames);
  };
  try {
    return work();
  } finally {
    traced.prepareStackTrace = before;
  }
}
