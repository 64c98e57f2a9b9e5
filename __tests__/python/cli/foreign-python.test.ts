import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BareCloud } from '../../support/bare-cloud';

/** What a shell has that was set up for another Python: a robot's, a notebook's, an editor's. */
const room = mkdtempSync(join(tmpdir(), 'kairos-foreign-python-'));
writeFileSync(join(room, 'json.py'), "raise RuntimeError('the module of somebody else')\n");

afterAll(() => {
  rmSync(room, { recursive: true, force: true });
});

it('the local cloud starts whatever the shell says to other Pythons', async () => {
  const cloud = await BareCloud.up({
    PYTHONPATH: room,
    PYTHONHOME: room,
    PYTHONSAFEPATH: '1',
    PYTHONINSPECT: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  });
  expect(cloud.home.read()).toBeDefined();
  await cloud.down();
});
