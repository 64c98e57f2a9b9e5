import type { Environment } from './types';

/** The part of an environment that is passed to the backend. */
interface Told extends Pick<Environment, 'applicationEnvironment' | 'corsOrigins' | 'mail'> {
  readonly database: Pick<Environment['database'], 'name'>;
}

/** @returns the application's settings as the environment variables that the backend reads. */
export function settingsOf(environment: Told): Readonly<Record<string, string>> {
  const { applicationEnvironment, corsOrigins, database, mail } = environment;
  return {
    ENVIRONMENT: applicationEnvironment,
    // pydantic-settings reads a list as JSON. With a comma-separated list the import of the backend fails.
    CORS_ORIGINS: JSON.stringify(corsOrigins),
    MONGO_DB_NAME: database.name,
    MAIL_USERNAME: mail.username,
    MAIL_FROM: mail.from,
    MAIL_PORT: String(mail.port),
    MAIL_SERVER: mail.server,
  };
}
