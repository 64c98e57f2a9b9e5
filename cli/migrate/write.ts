import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFileOf, importFileText } from '../../config/imports';
import type { Adopted } from './adopted';

/** Writes one file per state. @returns their paths. */
export function writeImports(folder: string, adopted: readonly Adopted[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const stacks = [...new Set(adopted.map(({ stack }) => stack))].sort();
  return stacks.map((stack) => {
    const file = join(folder, importFileOf(stack));
    const imports = adopted.filter((each) => each.stack === stack).map(({ to, id }) => ({ to, id }));
    writeFileSync(file, importFileText(imports));
    return file;
  });
}
