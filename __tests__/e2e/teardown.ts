import { stopCloud } from '../../cli/local/cloud';
import { LocalHome } from '../../cli/local/home';
import { outerShell } from '../support/project';

export default async function teardown(): Promise<void> {
  await stopCloud(new LocalHome(outerShell));
}
