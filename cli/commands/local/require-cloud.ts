import { UserError } from '../../../errors';
import { runningCloud } from '../../local/cloud';
import { type CloudRecord, LocalHome } from '../../local/home';

/** @returns the running local cloud. @throws UserError if there is none. */
export async function requireCloud(): Promise<{ readonly home: LocalHome; readonly record: CloudRecord }> {
  const home = new LocalHome(process.env);
  const record = await runningCloud(home);
  if (record === undefined) throw new UserError('no local cloud runs here; next: npm run local');
  return { home, record };
}
