import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { synthesizedStacks } from '../../__tests__/support/synthesized';
import { dotOf } from './dot';
import { readGraph } from './graph';

const root = resolve(__dirname, '..', '..');
const stack = 'kairos-prod';
const file = join(root, 'docs', `${stack}.svg`);

/** Draws docs/kairos-prod.svg. With `--check` it only checks whether the file is current. */
async function main(): Promise<void> {
  const { instance } = await import('@viz-js/viz');
  const graphviz = await instance();
  const dot = dotOf(stack, readGraph(synthesizedStacks(root)[stack]));
  const svg = `${graphviz.renderString(dot, { format: 'svg' }).trimEnd()}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, svg);
  else if (readFileSync(file, 'utf8') !== svg) {
    console.error('docs/kairos-prod.svg is out of date; next: npm run diagram');
    process.exitCode = 1;
  }
}

void main();
