import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceRevision } from '../../../images/source-revision';

describe('the revision of a checkout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'source-revision-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], {
      encoding: 'utf8',
    }).trim();
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is unknown outside Git', () => {
    expect(sourceRevision(folder)).toBeUndefined();
  });

  it('is the commit, even if a tag names it, and says if files differ from it', () => {
    git('init', '--quiet');
    writeFileSync(join(folder, 'a'), '1');
    git('add', 'a');
    git('commit', '--quiet', '-m', 'a');
    git('tag', '-a', 'v1', '-m', 'v1');
    expect(sourceRevision(folder)).toBe(git('rev-parse', 'HEAD'));
    writeFileSync(join(folder, 'a'), '2');
    expect(sourceRevision(folder)).toBe(`${git('rev-parse', 'HEAD')}-dirty`);
  });

  it('is that of the checkout in a Git hook of another one, which sets variables for Git', () => {
    const other = mkdtempSync(join(tmpdir(), 'source-revision-'));
    execFileSync('git', ['-C', other, 'init', '--quiet']);
    const script = `require('./images/source-revision').sourceRevision(${JSON.stringify(folder)})`;
    const found = execFileSync('node', ['-r', './bin/typescript', '-p', script], {
      cwd: join(__dirname, '../../..'),
      env: { ...process.env, GIT_DIR: join(other, '.git') },
      encoding: 'utf8',
    });
    rmSync(other, { recursive: true });
    expect(found.trim()).toBe(`${git('rev-parse', 'HEAD')}-dirty`);
  });
});
