import { configuration } from '../../config/environments';
import type { Configuration } from '../../config/types';
import { reportUserErrors } from '../../errors';
import { synthesize } from '../../main';

/** The real application, with the values of KAIROS_TEST_CHANGES in its table, like an edit of the file. */
function changedTable(): Configuration {
  const table: Configuration = JSON.parse(JSON.stringify(configuration)) as Configuration;
  const changes = JSON.parse(process.env.KAIROS_TEST_CHANGES ?? '{}') as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) set(table, path.split('.'), value);
  return table;
}

function set(target: object, [key = '', ...rest]: readonly string[], value: unknown): void {
  const member: unknown = Reflect.get(target, key);
  if (rest.length === 0) Reflect.set(target, key, value);
  else if (typeof member === 'object' && member !== null) set(member, rest, value);
  else throw new Error(`the table has no ${key}`);
}

reportUserErrors(() => {
  synthesize(changedTable());
});
