import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { synthesizedStacks } from '../../support/synthesized';

const root = resolve(__dirname, '../../..');
const folder = join(root, '__tests__', 'inventory');
const stacks = synthesizedStacks(root);

/** The arguments with the name by which AWS knows a resource. A change of any of them replaces it. */
const nameArguments = ['function_name', 'bucket', 'name', 'role_name', 'repository', 'comment'];

const resourcesSchema = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

/** @returns one line for each resource: its address, then its name if it has one. */
function inventoryOf(template: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(resourcesSchema.parse(template.resource ?? {})).flatMap(([type, resources]) =>
    Object.entries(resources).map(([id, resource]) => {
      const name = nameArguments.map((argument) => resource[argument]).find((value) => value !== undefined);
      const known = typeof name === 'string' && !name.includes('${') ? name : '';
      // The tag is the hash of the backend's source, which the inventory does not contain.
      return `${type}.${id} ${known.replace(/:src-[0-9a-f]+$/, ':<tag>')}`.trimEnd();
    }),
  );
  return `${lines.sort().join('\n')}\n`;
}

// A line that disappears is a resource that Terraform destroys. A renamed construct needs a `moved` block. If
// the change is intended, `KAIROS_WRITE_INVENTORY=1 npm run test:unit -- inventory` writes the files again.
describe('the inventory', () => {
  it.each(Object.keys(stacks))('of %s is unchanged', (stack) => {
    const file = join(folder, `${stack}.txt`);
    const inventory = inventoryOf(stacks[stack] ?? {});
    if (process.env.KAIROS_WRITE_INVENTORY !== undefined) writeFileSync(file, inventory);
    expect(inventory).toBe(readFileSync(file, 'utf8'));
  });

  it('covers every stack', () => {
    expect(Object.keys(stacks).sort()).toEqual([
      'kairos-dev',
      'kairos-foundation',
      'kairos-image',
      'kairos-prod',
      'kairos-staging',
    ]);
  });
});
