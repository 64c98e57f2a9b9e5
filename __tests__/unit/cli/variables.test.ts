import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { LocalHome } from '../../../cli/local/home';
import { outputFolder, projectRoot } from '../../../cli/project';
import { cacheFolder } from '../../../cli/tools/cache';
import { given, homeFolder } from '../../../cli/variables';

const root = resolve(__dirname, '..', '..', '..');

describe('an environment variable', () => {
  it.each(['', ' ', undefined])('is treated as unset if it is empty: %j', (value) => {
    expect(given(value)).toBeUndefined();
    expect(new LocalHome({ KAIROS_LOCAL_HOME: value }).folder).toBe(join(projectRoot, '.kairos', 'local'));
    expect(outputFolder({ CDKTF_OUTDIR: value })).toBe(join(projectRoot, 'cdktf.out'));
    expect(cacheFolder({ HOME: '/home/me', XDG_CACHE_HOME: value })).toBe(
      '/home/me/.cache/kairos-infrastructure',
    );
    expect(homeFolder({ HOME: value })).toMatch(/^\//);
  });

  it('is otherwise used unchanged', () => {
    expect(given(' a ')).toBe(' a ');
    expect(new LocalHome({ KAIROS_LOCAL_HOME: '/tmp/a b' }).folder).toBe('/tmp/a b');
    expect(outputFolder({ CDKTF_OUTDIR: 'out' })).toBe(join(projectRoot, 'out'));
    expect(homeFolder({ HOME: '/home/ü' })).toBe('/home/ü');
  });
});

it('accepts only an absolute path as the cache folder', () => {
  expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: 'cache' })).toBe('/h/.cache/kairos-infrastructure');
  expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: '/cache' })).toBe('/cache/kairos-infrastructure');
});

it.each([{}, { HOME: '' }])('has a home folder for a user that the system does not know: %j', (home) => {
  // Only root can become such a user, who may not be allowed to read this checkout. Other users have a home folder.
  const script = `
    const { homeFolder } = require('./cli/variables.ts');
    if (process.geteuid?.() === 0) {
      process.setgid(54321);
      process.setuid(54321);
    }
    console.log(homeFolder(${JSON.stringify(home)}));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', './bin/typescript', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...home },
  });
  expect({ stderr, home: stdout.startsWith('/') }).toEqual({ stderr: '', home: true });
});
