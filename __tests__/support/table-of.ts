import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Configuration } from '../../config/types';

const config = resolve(__dirname, '..', '..', 'config');

/** @returns the table of a text that stands in place of `config/environments.ts`. */
export function tableOf(text: string): Configuration {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-table-'));
  copyFileSync(join(config, 'github.ts'), join(folder, 'github.ts'));
  const file = join(folder, 'environments.ts');
  writeFileSync(file, text);
  return jest.requireActual<typeof import('../../config/environments')>(file).configuration;
}
