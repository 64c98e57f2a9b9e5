import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesBelow } from '../../../../scripts/hunt/files';
import { SecretHunt } from '../../../../scripts/hunt/secret-hunt';

const secret = 'qzjxvkwpygbmhf';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kairos-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const search = () => new SecretHunt(new Map([['PASSWORD', secret]])).search(filesBelow(folder));

describe('the files of a folder', () => {
  it('include hidden files, and no targets of links', async () => {
    mkdirSync(join(folder, 'a', '.hidden'), { recursive: true });
    writeFileSync(join(folder, 'a', '.hidden', 'state'), secret);
    symlinkSync(tmpdir(), join(folder, 'link'));
    const { artefacts, found } = await search();
    expect(artefacts).toBe(1);
    expect(found).toEqual([expect.stringContaining(join('a', '.hidden', 'state')) as unknown]);
  });
});

describe('the Git repositories in a folder', () => {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
  const commit = (text: string) => {
    writeFileSync(join(folder, 'settings'), text);
    git('add', '-A');
    git('commit', '-qm', 'a change');
  };
  /** Two versions that differ in one line. In a pack, one of them is only the difference to the other. */
  const versions = (line: string) => {
    const lines = Array.from({ length: 500 }, (_, at) => `setting ${at} = ${at * 7_919}`);
    git('init', '-q');
    commit([...lines, line].join('\n'));
    commit([...lines, 'nothing', ...lines].join('\n'));
  };
  const pack = () => {
    git('repack', '-qadf');
    git('prune-packed');
    expect(readdirSync(join(folder, '.git', 'objects')).sort()).toEqual(['info', 'pack']);
  };

  it('are searched in objects that are packed as a difference', async () => {
    versions(`password = ${secret}`);
    pack();
    expect((await search()).found).toEqual([
      expect.stringMatching(/^PASSWORD is in blob [0-9a-f]{40} of a Git repository$/) as unknown,
    ]);
  });

  it('contain no secret if none was committed', async () => {
    versions('password = none');
    pack();
    expect((await search()).found).toEqual([]);
  });

  it('are searched in objects that no commit contains any more', async () => {
    versions('password = none');
    commit(`password = ${secret}`);
    git('reset', '-q', '--hard', 'HEAD^');
    pack();
    expect((await search()).found).toHaveLength(1);
  });

  it('are searched in the message of a commit', async () => {
    versions('password = none');
    git('commit', '-q', '--allow-empty', '-m', secret);
    rmSync(join(folder, '.git', 'COMMIT_EDITMSG'));
    rmSync(join(folder, '.git', 'logs'), { recursive: true });
    pack();
    expect((await search()).found).toEqual([expect.stringContaining('is in commit') as unknown]);
  });

  it('count each object once, even if several repositories have it', async () => {
    versions('password = none');
    pack();
    const one = (await search()).artefacts;
    execFileSync('git', ['clone', '-q', '--bare', '--no-hardlinks', folder, join(folder, 'other')]);
    const names = readdirSync(join(folder, 'other'), { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).length;
    expect((await search()).artefacts).toBe(one + files);
  });
});
