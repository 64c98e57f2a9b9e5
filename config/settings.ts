import { createHash } from 'node:crypto';
import type { Environment } from './types';

/** @returns the application's settings as the environment variables that the backend reads. */
export function settingsOf(environment: Environment): Readonly<Record<string, string>> {
  const { applicationEnvironment, corsOrigins, database, mail } = environment;
  return {
    ENVIRONMENT: applicationEnvironment,
    // pydantic-settings reads a list as JSON; a comma list stops the backend at import.
    CORS_ORIGINS: JSON.stringify(corsOrigins),
    MONGO_DB_NAME: database.name,
    MAIL_USERNAME: mail.username,
    MAIL_FROM: mail.from,
    MAIL_PORT: String(mail.port),
    MAIL_SERVER: mail.server,
  };
}

/** @returns 16 hex digits that change with any setting, so that a change publishes a version that reads it. */
export function hashOfSettings(settings: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
