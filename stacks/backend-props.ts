import type { EnvironmentName } from '../config/names';
import type { ReleaseInputs } from '../config/release';
import type { Environment, ImageConfiguration } from '../config/types';
import type { KairosStackProps } from './kairos-stack';

export interface BackendStackProps extends Omit<KairosStackProps, 'stateOwner'> {
  /** Which environment this is. */
  readonly name: EnvironmentName;
  /** Its row of the table. */
  readonly environment: Environment;
  /** What the image is like, the same in all environments. */
  readonly imageConfiguration: ImageConfiguration;
  /** The account of the image repository, 12 digits. @default - the environment's own */
  readonly registryId?: string;
  /** How many requests all functions of the account serve at once. @default 1000 */
  readonly accountConcurrency?: number;
  /** What is released. @default - nothing: what runs stays, as the stack's own state says */
  readonly release?: ReleaseInputs;
}
