import type { EnvironmentName } from '../config/names';
import type { ReleaseInputs } from '../config/release';
import type { Environment, ImageConfiguration } from '../config/types';
import type { KairosStackProps } from './kairos-stack';

export interface BackendStackProps extends Omit<KairosStackProps, 'stateOwner'> {
  /** The name of the environment. */
  readonly name: EnvironmentName;
  /** Its row of the table. */
  readonly environment: Environment;
  /** The image settings, the same in all environments. */
  readonly imageConfiguration: ImageConfiguration;
  /** The account of the image repository, 12 digits. @default - the environment's own */
  readonly registryId?: string;
  /** The account's concurrency quota. @default 1000 */
  readonly accountConcurrency?: number;
  /** What is released. @default - nothing: the running image stays, as recorded in the stack's own state */
  readonly release?: ReleaseInputs;
}
