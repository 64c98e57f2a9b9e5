import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedMutants } from '../../../scripts/mutants/named';
import { root } from '../../../scripts/mutants/paths';

describe('a named change', () => {
  it.each(namedMutants.map((mutant) => [mutant.name, mutant] as const))(
    'can still be made: %s',
    (_, { file, from, to }) => {
      expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
      expect(to).not.toBe(from);
    },
  );

  it.each(namedMutants.map((mutant) => [mutant.name, mutant.tests] as const))(
    'has existing tests: %s',
    (_, tests) => {
      expect(tests.filter((test) => !existsSync(join(root, test)))).toEqual([]);
      expect(tests).not.toHaveLength(0);
    },
  );
});
