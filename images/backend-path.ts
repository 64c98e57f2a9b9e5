import { resolve } from 'node:path';
import { UserError } from '../errors';

export interface BackendPathSources {
  /** The environment variables, of which `KAIROS_BACKEND_PATH` goes before all else. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The value of `context.backendPath` in cdktf.json, as the construct tree gives it. */
  readonly context: unknown;
  /** The folder that a relative path of cdktf.json starts from: where cdktf.json lies. */
  readonly root: string;
}

/**
 * @returns the path of the backend's checkout; whether it is there is for `readBuildContext` to say. A
 * relative `KAIROS_BACKEND_PATH` starts from the working directory, as everything typed in a shell does.
 * @throws when neither source names one.
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
