import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { version } from '../../package.json';

const root = resolve(__dirname, '..', '..');

describe('npx kairos', () => {
  it.each(['.', 'config', 'examples/backend'])('is found in %s, without a network', (folder) => {
    const result = spawnSync('npx', ['kairos', '--version'], {
      cwd: join(root, folder),
      encoding: 'utf8',
      env: { ...process.env, npm_config_offline: 'true' },
    });
    expect(result).toMatchObject({ stdout: `${version}\n`, status: 0 });
  });
});

it("is the name of the command in npm run too, without npm's own output", () => {
  const result = spawnSync('npm', ['run', '-s', 'kairos', '--', '--version'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(result).toMatchObject({ stdout: `${version}\n`, stderr: '', status: 0 });
});
