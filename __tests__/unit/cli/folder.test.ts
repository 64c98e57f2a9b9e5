import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../../cli/folder';

describe('creating a folder', () => {
  let room = '';
  beforeEach(() => {
    room = mkdtempSync(join(tmpdir(), 'kairos-folder-'));
  });
  afterEach(() => {
    rmSync(room, { recursive: true });
  });

  it('creates its parents too, and accepts existing folders', () => {
    makeFolder(join(room, 'a', 'b'));
    makeFolder(join(room, 'a', 'b'));
    expect(existsSync(join(room, 'a', 'b'))).toBe(true);
  });

  it('fails below a file', () => {
    writeFileSync(join(room, 'file'), '');
    expect(() => {
      makeFolder(join(room, 'file', 'below'));
    }).toThrow(/ENOTDIR/);
  });

  it('fails without endless retries if nothing can be created', () => {
    expect(() => {
      makeFolder(process.platform === 'linux' ? '/proc/nothing/below' : '/dev/null/below');
    }).toThrow(/ENOENT|ENOTDIR/);
  });
});
