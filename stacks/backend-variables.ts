import { defaultLifespan } from '../config/lifespan';
import { originHeaderName, secretNames } from '../config/names';
import { settingsOf } from '../config/settings';
import type { Environment } from '../config/types';

/**
 * The backend's settings, and the variables that images/backend/start_up reads. A published version keeps all of them.
 * They include the revision of the secrets, so that raising it publishes a version, which reads the new values.
 * @param environment the row of the table.
 * @param secretsPath the path of the environment's secrets in SSM.
 * @param digest of the image, `sha256:…`.
 * @returns the environment variables of the function.
 */
export function backendVariables(
  environment: Environment,
  secretsPath: string,
  digest: string,
): Readonly<Record<string, string>> {
  const { edge, function: backend, secretsRevision } = environment;
  return {
    ...settingsOf(environment),
    KAIROS_PARAMETER_PATH: secretsPath,
    KAIROS_REQUIRED_PARAMETERS: secretNames.join(','),
    KAIROS_SECRETS_REVISION: String(secretsRevision),
    KAIROS_HANDLER: backend.handler,
    KAIROS_LIFESPAN: backend.lifespan,
    KAIROS_LIFESPAN_START_LIMIT: String(backend.lifespanStartLimit ?? defaultLifespan.startLimit),
    KAIROS_LIFESPAN_PAUSE_LIMIT: String(backend.lifespanPauseLimit ?? defaultLifespan.pauseLimit),
    KAIROS_IMAGE_DIGEST: digest,
    ...(edge && { KAIROS_ORIGIN_HEADER: originHeaderName }),
  };
}
