import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFileOf, importFileText, incompleteMark } from '../../config/imports';
import type { Adopted } from './adopted';

/**
 * Writes one file per state. If this process is killed meanwhile, the mark stays, and no stack is synthesized.
 * @returns their paths.
 */
export function writeImports(folder: string, adopted: readonly Adopted[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const mark = join(folder, incompleteMark);
  writeFileSync(mark, 'npx kairos migrate plan has not written every file of this folder.\n');
  const stacks = [...new Set(adopted.map(({ stack }) => stack))].sort();
  const files = stacks.map((stack) => {
    const file = join(folder, importFileOf(stack));
    const imports = adopted.filter((each) => each.stack === stack).map(({ to, id }) => ({ to, id }));
    writeFileSync(file, importFileText(imports));
    return file;
  });
  rmSync(mark);
  return files;
}
