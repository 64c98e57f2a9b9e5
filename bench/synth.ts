import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { report } from './comparison';
import { copyApplication } from './rewritten-copy';
import { mediansInTurn, secondsOf } from './times';

/**
 * The duration of a synth of all stacks, compared with the same application in the setup of the official template:
 * provider barrels, and ts-node with its type check.
 */
const root = resolve(__dirname, '..');
const rounds = 9;

async function main(): Promise<void> {
  const room = mkdtempSync(join(tmpdir(), 'kairos-bench-'));
  try {
    copyApplication(room, withBarrels);
    writeFileSync(join(room, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const template = join(root, 'node_modules', 'ts-node', 'dist', 'bin.js');
    const [ours = Number.NaN, theirs = Number.NaN] = mediansInTurn(rounds, [
      () => synth(['-r', './bin/typescript', 'main.ts'], root, join(room, 'ours')),
      () => synth([template, 'main.ts'], room, join(room, 'theirs')),
    ]);
    await report([
      {
        what: `synth of ${readdirSync(join(room, 'ours', 'stacks')).length} stacks`,
        ours: `${ours.toFixed(2)} s`,
        against: 'ts-node and barrel imports, as in the official template',
        theirs: `${theirs.toFixed(2)} s`,
        ratio: ours / theirs,
        aim: 1 / 14,
      },
    ]);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

const compilerOptions = {
  target: 'ES2022',
  module: 'commonjs',
  strict: true,
  esModuleInterop: true,
  skipLibCheck: true,
};

function synth(args: readonly string[], cwd: string, output: string): number {
  const variables = { CDKTF_OUTDIR: output, KAIROS_BACKEND_PATH: join(root, 'examples', 'backend') };
  return secondsOf({ args, cwd, variables });
}

/** In the barrel, `lib/<folder>` is the namespace `<folder>` in camel case. */
function withBarrels(text: string): string {
  return text.replace(
    /import \{ (\w+) \} from '@cdktf\/provider-(\w+)\/lib\/([\w-]+)';/g,
    (_, name: string, provider: string, folder: string) => {
      const namespace = folder.replace(/-(\w)/g, (__, letter: string) => letter.toUpperCase());
      return `import { ${namespace} as ${name}Module } from '@cdktf/provider-${provider}';\nimport ${name} = ${name}Module.${name};`;
    },
  );
}

void main();
