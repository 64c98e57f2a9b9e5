import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../../../cli/tools/cache';
import { findPython } from '../../../../cli/tools/python';

const room = mkdtempSync(join(tmpdir(), 'kairos-python-'));

/** A program that says it were a Python, or ends as a version manager's shim does. */
function fakePython(name: string, script: string): string {
  const file = join(room, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('findPython', () => {
  const shell = { HOME: room, PYENV_ROOT: join(room, 'none') };

  it('takes the one that is named', async () => {
    const command = fakePython('new', 'echo 3 12');
    await expect(findPython({ ...shell, KAIROS_PYTHON: command }, [3, 10])).resolves.toEqual({
      command,
      version: [3, 12],
    });
  });

  it('refuses one that is too old, and says which it found', async () => {
    const command = fakePython('old', 'echo 3 9');
    await expect(findPython({ ...shell, KAIROS_PYTHON: command }, [3, 10])).rejects.toThrow(
      `Python 3.10 or newer is needed: ${command} is 3.9; install one`,
    );
  });

  it('is not deceived by a command that is only on the path', async () => {
    const command = fakePython('shim', 'echo "python3.12: command not found" >&2; exit 127');
    await expect(findPython({ ...shell, KAIROS_PYTHON: command }, [3, 10])).rejects.toThrow('none was found');
  });
});

describe('the cache folder', () => {
  it('is where the system keeps what can be made again', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/kairos-infrastructure');
    expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/kairos-infrastructure');
  });
});
