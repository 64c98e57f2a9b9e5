import fs, { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImports } from '../../../../cli/migrate/write';
import { readImports } from '../../../../config/imports';

const api = { stack: 'kairos-prod', to: 'aws_apigatewayv2_api.Api', id: '7zpmbpgf7d', what: 'the API' };
const images = {
  stack: 'kairos-foundation',
  to: 'aws_ecr_repository.Images',
  id: 'kairos',
  what: 'the images',
};
const all = {
  'kairos-prod': [{ to: api.to, id: api.id }],
  'kairos-foundation': [{ to: images.to, id: images.id }],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kairos-imports-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Ends the command at one of its writes, of which half arrives. */
function killedAt(count: number): void {
  let writes = 0;
  const write = fs.writeFileSync.bind(fs);
  jest.spyOn(fs, 'writeFileSync').mockImplementation((file, text) => {
    const isLast = ++writes === count;
    const whole = typeof text === 'string' ? text : '';
    write(file, isLast ? whole.slice(0, whole.length / 2) : whole);
    if (isLast) throw new Error('killed');
  });
  expect(() => writeImports(folder, [api, images])).toThrow('killed');
  jest.restoreAllMocks();
}

it('writes one file for each state, and nothing else', () => {
  const files = writeImports(folder, [api, images]);
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([...files].sort());
  expect(readImports(folder)).toEqual(all);
});

// The mark, and two files.
it.each([1, 2, 3])('leaves a folder that is refused if it is killed at write %i', (count) => {
  killedAt(count);
  expect(() => readImports(folder)).toThrow(/INCOMPLETE exists.*npx kairos migrate plan/);
});

it('completes a folder that was left incomplete', () => {
  killedAt(2);
  writeImports(folder, [api, images]);
  expect(readImports(folder)).toEqual(all);
});

it('refuses a folder whose files are all of an earlier run, if it is killed while it replaces them', () => {
  writeImports(folder, [api, images]);
  killedAt(3);
  expect(() => readImports(folder)).toThrow('INCOMPLETE exists');
});

it('keeps a file that a person has put into the folder', () => {
  writeFileSync(join(folder, 'why.md'), 'the stack of the earlier guide');
  writeImports(folder, [api, images]);
  expect(readdirSync(folder)).toContain('why.md');
});
