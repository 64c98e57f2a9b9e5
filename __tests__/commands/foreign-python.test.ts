import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BareCloud } from '../support/bare-cloud';

/** Variables that a shell may have for another Python, set by a CI system, a notebook or an editor. */
const room = mkdtempSync(join(tmpdir(), 'kairos-foreign-python-'));
writeFileSync(join(room, 'json.py'), "raise RuntimeError('the module of somebody else')\n");

afterAll(() => {
  rmSync(room, { recursive: true, force: true });
});

it('the local cloud starts in a shell with variables for another Python', async () => {
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
