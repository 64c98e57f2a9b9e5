import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { LocalHome } from '../../../cli/local/home';
import { outputFolder, projectRoot } from '../../../cli/project';
import { cacheFolder } from '../../../cli/tools/cache';
import { given, homeFolder } from '../../../cli/variables';

const root = resolve(__dirname, '..', '..', '..');

describe('a variable that is empty', () => {
  it.each(['', ' ', undefined])('is as good as none: %j', (value) => {
    expect(given(value)).toBeUndefined();
    expect(new LocalHome({ KAIROS_LOCAL_HOME: value }).folder).toBe(join(projectRoot, '.kairos', 'local'));
    expect(outputFolder({ CDKTF_OUTDIR: value })).toBe(join(projectRoot, 'cdktf.out'));
    expect(cacheFolder({ HOME: '/home/me', XDG_CACHE_HOME: value })).toBe(
      '/home/me/.cache/kairos-infrastructure',
    );
    expect(homeFolder({ HOME: value })).toMatch(/^\//);
  });

  it('is no other than what it holds', () => {
    expect(given(' a ')).toBe(' a ');
    expect(new LocalHome({ KAIROS_LOCAL_HOME: '/tmp/a b' }).folder).toBe('/tmp/a b');
    expect(outputFolder({ CDKTF_OUTDIR: 'out' })).toBe(join(projectRoot, 'out'));
    expect(homeFolder({ HOME: '/home/ü' })).toBe('/home/ü');
  });
});

it('takes a cache folder from an absolute path alone', () => {
  expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: 'cache' })).toBe('/h/.cache/kairos-infrastructure');
  expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: '/cache' })).toBe('/cache/kairos-infrastructure');
});

it.each([{}, { HOME: '' }])('has a home for a user whom the system does not know: %j', (home) => {
  const script = `console.log(require('./cli/variables.ts').homeFolder(${JSON.stringify(home)}))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', './bin/typescript', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...home },
    // Only root may become another; whoever else runs this has a home.
    ...(process.geteuid?.() === 0 ? { uid: 54_321, gid: 54_321 } : {}),
  });
  expect({ stderr, home: stdout.startsWith('/') }).toEqual({ stderr: '', home: true });
});
