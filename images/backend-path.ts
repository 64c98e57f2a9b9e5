import { resolve } from 'node:path';
import { UserError } from '../errors';

export interface BackendPathSources {
  /** The environment variables. `KAIROS_BACKEND_PATH` has priority. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The value of `context.backendPath` in cdktf.json, from the construct tree. */
  readonly context: unknown;
  /** The base folder of a relative path in cdktf.json: the folder of cdktf.json. */
  readonly root: string;
}

/**
 * @returns the path of the backend's checkout. `readBuildContext` checks whether it exists. A relative
 * `KAIROS_BACKEND_PATH` is relative to the working directory, like every path in a shell.
 * @throws if neither source names one.
 */
export function findBackend({ environment, context, root }: BackendPathSources): string {
  const named = environment.KAIROS_BACKEND_PATH;
  if (named !== undefined && named !== '') {
    return resolve(named);
  }
  if (typeof context === 'string' && context !== '') {
    return resolve(root, context);
  }
  throw new UserError(
    "nothing names the backend's checkout; set KAIROS_BACKEND_PATH=<path>, or context.backendPath in cdktf.json",
  );
}
