import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * How long one synth of every stack takes, against the same application as most CDKTF projects run it: provider
 * barrels imported, under ts-node with its type check. Both run in turn, so that the ratio holds on a busy machine.
 */
const root = resolve(__dirname, '..');
/** Part of the image's content: left as it is. */
const overlay = join(root, 'images', 'backend');
const rounds = 3;
const sources = [
  'main.ts',
  'errors.ts',
  'aws',
  'config',
  'stacks',
  'constructs',
  'images',
  'policies',
  'functions',
];

function main(): void {
  const room = mkdtempSync(join(tmpdir(), 'kairos-bench-'));
  try {
    copyWithBarrels(room);
    const ours: number[] = [];
    const barrels: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(seconds(['-r', 'sucrase/register/ts', 'main.ts'], root, join(room, 'ours')));
      barrels.push(
        seconds(
          [join(root, 'node_modules', 'ts-node', 'dist', 'bin.js'), 'main.ts'],
          room,
          join(room, 'out'),
        ),
      );
    }
    console.log(`stacks in one synth: ${readdirSync(join(room, 'ours', 'stacks')).length}`);
    console.log(`this project        ${median(ours).toFixed(2)} s (median of ${rounds})`);
    console.log(`barrels and ts-node ${median(barrels).toFixed(2)} s (median of ${rounds})`);
    console.log(
      `ratio               ${(median(barrels) / median(ours)).toFixed(1)} times faster; the aim is 10`,
    );
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** Wall time of one process. @throws with what it said when it fails. */
function seconds(args: readonly string[], cwd: string, output: string): number {
  const started = process.hrtime.bigint();
  const result = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CDKTF_OUTDIR: output, KAIROS_BACKEND_PATH: join(root, 'examples', 'backend') },
  });
  if (result.status !== 0) throw new Error(`${args.join(' ')} failed: ${result.stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

/** The same sources, in which every import of a provider's folder is one of the whole provider. */
function copyWithBarrels(room: string): void {
  for (const file of sources.flatMap((source) => filesOf(join(root, source)))) {
    const target = join(room, relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    const text = readFileSync(file, 'utf8');
    writeFileSync(target, file.endsWith('.ts') ? withBarrels(text) : text);
  }
  mkdirSync(join(room, 'images'), { recursive: true });
  symlinkSync(overlay, join(room, relative(root, overlay)));
  symlinkSync(join(root, 'node_modules'), join(room, 'node_modules'));
  const compilerOptions = {
    target: 'ES2022',
    module: 'commonjs',
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
  };
  writeFileSync(join(room, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
}

/** `lib/<folder>` is the namespace `<folder>` in camel case of the barrel. */
function withBarrels(text: string): string {
  return text.replace(
    /import \{ (\w+) \} from '@cdktf\/provider-(\w+)\/lib\/([\w-]+)';/g,
    (_, name: string, provider: string, folder: string) => {
      const namespace = folder.replace(/-(\w)/g, (__, letter: string) => letter.toUpperCase());
      return `import { ${namespace} as ${name}Module } from '@cdktf/provider-${provider}';\nimport ${name} = ${name}Module.${name};`;
    },
  );
}

function filesOf(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.parentPath.startsWith(overlay))
    .map((file) => join(file.parentPath, file.name));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

main();
