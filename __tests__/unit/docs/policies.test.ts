import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { policies } from '../../../policies';

const text = readFileSync(join(resolve(__dirname, '..', '..', '..'), 'docs', 'policies.md'), 'utf8');
const rows = [...text.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name = '']) => name);

it('docs/policies.md has exactly one row for each rule', () => {
  expect(rows.sort()).toEqual(policies.map(({ name }) => name).sort());
});
