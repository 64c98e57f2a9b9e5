import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../../cli/folder';

describe('a folder that is made', () => {
  let room = '';
  beforeEach(() => {
    room = mkdtempSync(join(tmpdir(), 'kairos-folder-'));
  });
  afterEach(() => {
    rmSync(room, { recursive: true });
  });

  it('has all those above it, and may be there already', () => {
    makeFolder(join(room, 'a', 'b'));
    makeFolder(join(room, 'a', 'b'));
    expect(existsSync(join(room, 'a', 'b'))).toBe(true);
  });

  it('is refused below a file', () => {
    writeFileSync(join(room, 'file'), '');
    expect(() => {
      makeFolder(join(room, 'file', 'below'));
    }).toThrow(/ENOTDIR/);
  });

  it('is refused, and not tried for ever, where nothing can be made', () => {
    expect(() => {
      makeFolder(process.platform === 'linux' ? '/proc/nothing/below' : '/dev/null/below');
    }).toThrow(/ENOENT|ENOTDIR/);
  });
});
