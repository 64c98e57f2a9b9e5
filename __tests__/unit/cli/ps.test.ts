import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ps } from '../../../cli/ps';

describe('the processes of this machine', () => {
  it('are told as they are asked for', () => {
    expect(ps(['-o', 'pid=', '-p', String(process.pid)]).trim()).toBe(String(process.pid));
  });

  it('are nobody where none is of that number', () => {
    expect(ps(['-o', 'pid=', '-p', '4194304'])).toBe('');
  });

  it('cannot be told without ps, and what to install is', () => {
    expect(() => ps(['-A'], { PATH: '/nonexistent' })).toThrow(
      /ps could not list the processes .*ENOENT.*procps$/,
    );
  });

  it('cannot be told by a ps that knows none of the words, as that of BusyBox', () => {
    const folder = mkdtempSync(join(tmpdir(), 'busybox-'));
    writeFileSync(join(folder, 'ps'), '#!/bin/sh\necho "ps: bad -o argument \'lstart\'" >&2\nexit 1\n', {
      mode: 0o755,
    });
    expect(() => ps(['-o', 'lstart='], { PATH: `${folder}:/bin` })).toThrow(
      /bad -o argument 'lstart'.*procps$/,
    );
  });
});
