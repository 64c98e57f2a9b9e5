import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Run, Runner } from '../../../scripts/workflows/runner';

const token = 'qzjxvkwpygbmhf';
const folder = mkdtempSync(join(tmpdir(), 'kairos-runner-'));
const project = join(folder, 'project');
const ended: { readonly run: Run; readonly commandLine: string; readonly hasArtifacts: boolean }[] = [];
let runner: Runner;

beforeAll(async () => {
  mkdirSync(join(project, '.github', 'workflows'), { recursive: true });
  // It prints its arguments, and writes an artifact.
  const act = join(folder, 'act');
  const lines = ['#!/bin/sh', 'echo "arguments: $*"', 'echo "token: $GITHUB_TOKEN"'];
  writeFileSync(act, [...lines, `mkdir "${join(folder, 'artifacts', 'plan')}"`, ''].join('\n'));
  chmodSync(act, 0o755);
  runner = new Runner({
    act,
    folder,
    project,
    repositories: folder,
    shell: {},
    variables: { REGION: 'eu-west-2' },
    secrets: { GITHUB_TOKEN: token },
    ended: (run, commandLine) => {
      const hasArtifacts = existsSync(join(runner.artifacts, 'plan'));
      ended.push({ run, commandLine, hasArtifacts });
      return Promise.resolve();
    },
  });
  await runner.run('plan.yml', 'push', {});
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a run of a workflow', () => {
  it('has the value of a secret in the environment of act', () => {
    expect(ended[0]?.run.said).toContain(`token: ${token}`);
  });

  it('has the name of a secret on the command line, and not its value', () => {
    const [, line = ''] = /arguments: (.*)/.exec(ended[0]?.run.said ?? '') ?? [];
    expect(line).toContain('--var REGION=eu-west-2 -s GITHUB_TOKEN');
    expect(line).not.toContain(token);
  });

  it('is searched together with its command line, before its artifacts are deleted', () => {
    expect(ended).toEqual([
      expect.objectContaining({
        commandLine: expect.stringMatching(/^push -W /) as unknown,
        hasArtifacts: true,
      }),
    ]);
  });
});
