import { ps } from '../../../cli/ps';

describe('the processes of this machine', () => {
  it('are told as they are asked for', () => {
    expect(ps(['-o', 'pid=', '-p', String(process.pid)]).trim()).toBe(String(process.pid));
  });

  it('are nobody where none is of that number', () => {
    expect(ps(['-o', 'pid=', '-p', '4194304'])).toBe('');
  });

  it('cannot be told without ps, and what to install is', () => {
    expect(() => ps(['-A'], { PATH: '/nonexistent' })).toThrow(/ps could not be asked .*ENOENT.*procps$/);
  });
});
