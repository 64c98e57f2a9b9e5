import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { differences } from '../../../scripts/fork/compare';
import { changeForFork, rewriteManifest, rewriteSource } from '../../../scripts/fork/rewrite';

const root = resolve(__dirname, '..', '..', '..');

describe('the source code for the fork', () => {
  it.each([
    ["import { App } from 'cdktf';", "import { App } from 'cdktn';"],
    ["export { Fn } from 'cdktf/lib/fn';", "export { Fn } from 'cdktn/lib/fn';"],
    [
      "import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';",
      "import { S3Bucket } from '@cdktn/provider-aws/lib/s3-bucket';",
    ],
    ["await import('cdktf');", "await import('cdktn');"],
    ["require.resolve('cdktf-cli/package.json');", "require.resolve('cdktn-cli/package.json');"],
    ["dependencies['cdktf-cli'];", "dependencies['cdktn-cli'];"],
    ["manifest.dependencies['cdktf-cli'];", "manifest.dependencies['cdktn-cli'];"],
  ])('%s', (before, after) => {
    expect(rewriteSource('a.ts', before)).toBe(after);
  });

  it.each([
    "run('cdktf'); // cdktf, and no module",
    "import { Image } from '@cdktf/provider-docker/lib/image';",
    "import { describe } from './cdktf';",
    "join('cdktf.out', 'stacks');",
    "versions['cdktf'];",
  ])('is unchanged: %s', (text) => {
    expect(rewriteSource('a.ts', text)).toBe(text);
  });
});

describe('a difference of the fork other than its name', () => {
  it.each(['stacks/kairos-stack.ts', 'cli/project.ts'])('still exists in %s', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    expect(changeForFork(path, text)).not.toBe(text);
  });

  it('is an error with the file name if the text to change is gone', () => {
    expect(() => changeForFork('cli/project.ts', '')).toThrow(/cli\/project\.ts no longer has .*cdktf/);
  });
});

it('the manifest has the packages of the fork, and cdktf as an alias for the docker binding', () => {
  const { dependencies } = rewriteManifest({
    dependencies: { cdktf: '0.21.0', '@cdktf/provider-aws': '20.1.0', '@cdktf/provider-docker': '12.0.3' },
  });
  expect(dependencies).toMatchObject({ cdktn: '0.24.0', cdktf: 'npm:cdktn@0.24.0' });
  expect(dependencies).toHaveProperty(['@cdktf/provider-docker'], '12.0.3');
  expect(dependencies).not.toHaveProperty(['@cdktf/provider-aws']);
});

describe('the differences between two documents', () => {
  it('are the changed, new and removed values', () => {
    const before = { a: { b: 1, gone: true }, list: [1, 2] };
    const after = { a: { b: 2 }, list: [1, 2, 3] };
    expect(differences(before, after)).toEqual([
      { path: 'a.b', before: 1, after: 2 },
      { path: 'a.gone', before: true, after: undefined },
      { path: 'list.2', before: undefined, after: 3 },
    ]);
  });

  it('distinguish a list from an object', () => {
    expect(differences([], {})).toEqual([{ path: '', before: [], after: {} }]);
  });

  it('are empty for equal documents', () => {
    expect(differences({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
  });
});
