import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ps } from '../../../cli/ps';

describe('the processes of this machine', () => {
  it('are listed with the requested fields', () => {
    expect(ps(['-o', 'pid=', '-p', String(process.pid)]).trim()).toBe(String(process.pid));
  });

  it('are an empty output if none has the id', () => {
    expect(ps(['-o', 'pid=', '-p', '4194304'])).toBe('');
  });

  it('cannot be listed without ps, and the error says what to install', () => {
    expect(() => ps(['-A'], { PATH: '/nonexistent' })).toThrow(
      /ps could not list the processes .*ENOENT.*procps$/,
    );
  });

  it("cannot be listed by a ps that knows no fields, such as BusyBox's", () => {
    const folder = mkdtempSync(join(tmpdir(), 'busybox-'));
    writeFileSync(join(folder, 'ps'), '#!/bin/sh\necho "ps: bad -o argument \'lstart\'" >&2\nexit 1\n', {
      mode: 0o755,
    });
    expect(() => ps(['-o', 'lstart='], { PATH: `${folder}:/bin` })).toThrow(
      /bad -o argument 'lstart'.*procps$/,
    );
  });
});
