import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../../../cli/tools/cache';
import { findPython } from '../../../../cli/tools/python';

const room = mkdtempSync(join(tmpdir(), 'kairos-python-'));

/** A program that reports a Python version, or fails like the shim of a version manager. */
function fakePython(name: string, script: string): string {
  const file = join(room, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('findPython', () => {
  const shell = { HOME: room, PYENV_ROOT: join(room, 'none') };

  it('uses the named one', async () => {
    const command = fakePython('new', 'echo 3 12');
    await expect(findPython({ ...shell, KAIROS_PYTHON: command }, [3, 10])).resolves.toEqual({
      command,
      version: [3, 12],
    });
  });

  it('refuses one that is too old, and shows its version', async () => {
    const command = fakePython('old', 'echo 3 9');
    await expect(findPython({ ...shell, KAIROS_PYTHON: command }, [3, 10])).rejects.toThrow(
      `Python 3.10 or newer is needed: ${command} is 3.9; install one`,
    );
  });

  it('ignores a command on the path that is not Python', async () => {
    const command = fakePython('shim', 'echo "python3.12: command not found" >&2; exit 127');
    await expect(findPython({ ...shell, KAIROS_PYTHON: command }, [3, 10])).rejects.toThrow('none was found');
  });
});

describe('the cache folder', () => {
  it('is where the system stores files that can be created again', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/kairos-infrastructure');
    expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/kairos-infrastructure');
  });
});
