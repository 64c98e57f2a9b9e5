import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { run, type Shell } from '../../cli/process';
import { print, tell } from '../../cli/terminal';
import { UserError } from '../../errors';
import { type Difference, differences } from './compare';
import { changeForFork, rewriteManifest, rewriteSource } from './rewrite';

/**
 * Tests how to leave cdktf and keep TypeScript: it makes a copy of the project on the community fork, and compares the
 * Terraform JSON of both. The project itself is not changed.
 */
const root = resolve(__dirname, '..', '..');
const copy = join(root, '.kairos', 'fork');
const stacks = ['kairos-foundation', 'kairos-image', 'kairos-dev', 'kairos-staging', 'kairos-prod'] as const;
const shell: Shell = { ...process.env, KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'), CI: '1' };

const manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()) });

async function main(): Promise<void> {
  tell(`copying the project to ${copy}`);
  await copyProject();
  tell('installing the packages of the fork');
  await must('npm', ['install', '--no-fund', '--no-audit'], copy);
  await must('npx', ['tsc', '--noEmit'], copy);
  tell('synthesizing both');
  const [before, after] = await Promise.all([synthesize(root, 'before'), synthesize(copy, 'after')]);
  for (const stack of stacks) report(stack, differences(read(before, stack), read(after, stack)));
  if (process.argv.includes('--no-tests')) return;
  tell('running the unit tests of the copy');
  const tests = await run('npx', ['jest', '--selectProjects', 'unit', '--silent'], { cwd: copy, shell });
  const lines = tests.output.split('\n');
  print(
    lines
      .filter((line) => /^\s*(FAIL|●|Tests:)/.test(line))
      .filter(isFirst)
      .join('\n'),
  );
}

/** Copies the files in Git with the fork's module names. Packages from an earlier npm install remain. */
async function copyProject(): Promise<void> {
  const { stdout } = await must('git', ['ls-files', '-z'], root);
  for (const path of stdout.split('\0').filter((name) => name !== '' && name !== 'package-lock.json')) {
    if (!existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), inFork(path, readFileSync(join(root, path))));
  }
  // The copy's tests ask Git for the list of files.
  await must('git', ['init', '--quiet'], copy);
}

function inFork(path: string, content: Buffer): Buffer | string {
  if (path === 'package.json') {
    return JSON.stringify(rewriteManifest(manifest.parse(JSON.parse(content.toString()))), undefined, 2);
  }
  return path.endsWith('.ts') ? changeForFork(path, rewriteSource(path, content.toString())) : content;
}

/** @returns the folder with the stacks. */
async function synthesize(project: string, name: string): Promise<string> {
  const folder = join(copy, '.kairos', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  await must('node', ['-r', './bin/typescript', 'main.ts'], project, { CDKTF_OUTDIR: folder });
  return folder;
}

function read(folder: string, stack: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
}

function report(stack: string, found: readonly Difference[]): void {
  print(`${stack}: ${found.length === 0 ? 'the same' : `${found.length} differ`}`);
  for (const { path, before, after } of found) {
    print(`  ${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`);
  }
}

async function must(command: string, args: readonly string[], cwd: string, more: Shell = {}) {
  const result = await run(command, args, { cwd, shell: { ...shell, ...more } });
  if (result.code !== 0) {
    throw new UserError(`${[command, ...args].join(' ')} ended with ${result.code}:\n${result.output}`);
  }
  return result;
}

const isFirst = (line: string, index: number, all: readonly string[]) => all.indexOf(line) === index;

main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  tell(error.message);
  process.exitCode = 1;
});
