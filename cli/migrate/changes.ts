import { secretNames } from '../../config/names';
import { adoptedIn } from './adopted';
import type { Migration } from './live';

/** @returns what will be different afterwards without preventing the migration, as sentences. */
export function changesOf(migration: Migration): readonly string[] {
  return [
    ...ofFunction(migration),
    ...ofApi(migration),
    ...ofRepository(migration),
    ...(migration.stack.isProtected
      ? [`the stack ${migration.stack.name} has deletion protection: the last step disables it`]
      : []),
  ];
}

function* ofFunction({ function: live, environment }: Migration): Iterable<string> {
  const { memory, timeout } = environment.configuration.environments[environment.name].function;
  const differing = live.differing.filter((name) => name !== 'MONGO_DB_NAME');
  if (differing.length > 0) yield `the table gives other values to ${differing.join(', ')}`;
  if (live.defaulted.includes('CORS_ORIGINS'))
    yield 'CORS_ORIGINS was never set, so browsers could call from everywhere; now only from corsOrigins of the table';
  if (live.defaulted.includes('ENVIRONMENT'))
    yield 'ENVIRONMENT was never set, so the backend ran as "local": now as the table says';
  if (live.others.length > 0) yield `the new function is not given ${live.others.join(', ')}`;
  const missing = secretNames.filter((name) => !live.secrets.includes(name));
  if (missing.length > 0)
    yield `the function has no ${missing.join(', ')}: set it with npx kairos secrets set`;
  if (live.memory !== memory) yield `memory goes from ${live.memory} to ${memory} MB`;
  if (live.timeout !== timeout) yield `the timeout goes from ${live.timeout} to ${timeout} seconds`;
}

function* ofApi(migration: Migration): Iterable<string> {
  const { api, environment } = migration;
  const { gateway } = environment.configuration.environments[environment.name];
  if (api.hasCors && gateway.cors === undefined)
    yield 'the gateway answered CORS: now the backend does, from corsOrigins of the table';
  yield `the API is renamed to ${environment.names.api}, logs each request, and allows ${gateway.throttlingRateLimit} per second`;
  const own = api.stages.filter(({ name }) => name === '$default').flatMap((stage) => stage.own);
  if (own.length > 0) yield `the stage loses ${own.join(', ')}`;
  const taken = new Set(adoptedIn(migration).map(({ id }) => id));
  const left = api.routes.filter(({ id }) => !taken.has(`${api.id}/${id}`));
  if (left.length > 0)
    yield `these routes stay with the earlier function, until the earlier stack is deleted: ${left.map(({ key }) => key).join(', ')}`;
  for (const { domain, path } of api.mappings) yield `${domain}/${path} still points to the API`;
}

function* ofRepository({ repository, function: live }: Migration): Iterable<string> {
  if (live.repository !== undefined && live.repository !== repository?.name)
    yield `the images of the earlier function are in ${live.repository}, which is not changed`;
  if (repository === undefined) return;
  if (repository.movesTags)
    yield `the tags of ${repository.name} become immutable: a pipeline that pushes "latest" will fail`;
  if (live.repository === repository.name && repository.runningIsTagged === false)
    yield 'the running image has no tag, and only 20 untagged images are kept: tag it until the earlier function is deleted';
}
