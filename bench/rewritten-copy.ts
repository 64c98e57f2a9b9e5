import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '..');
/** Part of the image's content, so it is not changed. */
const overlay = join(root, 'images', 'backend');
const sources = [
  'main.ts',
  'errors.ts',
  'bin',
  'aws',
  'config',
  'stacks',
  'constructs',
  'images',
  'policies',
  'functions',
  // A policy reads the sections of the runbook.
  'docs',
];

/**
 * Copies the application, without its tests and its command.
 * @param room an empty folder.
 * @param rewrite returns the new text of a TypeScript file, by its path in the project.
 */
export function copyApplication(room: string, rewrite: (text: string, path: string) => string): void {
  for (const file of sources.flatMap((source) => filesOf(join(root, source)))) {
    const path = relative(root, file);
    const target = join(room, path);
    mkdirSync(dirname(target), { recursive: true });
    const text = readFileSync(file, 'utf8');
    writeFileSync(target, file.endsWith('.ts') ? rewrite(text, path) : text);
  }
  symlinkSync(overlay, join(room, relative(root, overlay)));
  symlinkSync(join(root, 'node_modules'), join(room, 'node_modules'));
}

function filesOf(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.parentPath.startsWith(overlay))
    .map((file) => join(file.parentPath, file.name));
}
