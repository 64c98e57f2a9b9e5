import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Live } from '../live/alias';
import type { Lock } from '../live/lock';
import type { AppliedState } from '../live/state';
import type { SmokeRecord } from '../smoke/record';

/** The data of an environment, before it is evaluated. */
export interface Readings {
  readonly live: Live | undefined;
  readonly state: AppliedState | undefined;
  readonly lock: Lock | undefined;
  readonly record: SmokeRecord | undefined;
  /** The function's `$LATEST`, which the next publish would use. */
  readonly newest?: FunctionConfiguration;
  /** The digest of its image. */
  readonly newestDigest?: string;
  /** The version that the last apply published. */
  readonly applied?: FunctionConfiguration;
}
