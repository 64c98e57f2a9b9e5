import fc from 'fast-check';
import { Pieces } from '../../../../scripts/hunt/pieces';

const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), minLength: 1, maxLength: 20 });

/** The pieces, without what makes the search fast. */
function foundSlowly(values: readonly string[], length: number, text: string): readonly string[] {
  return values.filter((each) =>
    Array.from({ length: Math.max(1, each.length - length + 1) }, (_, at) =>
      each.slice(at, at + length),
    ).some((piece) => text.includes(piece)),
  );
}

describe('the pieces of secrets', () => {
  it('are found at any position, with any length', () => {
    const values = fc.uniqueArray(value, { maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 9 }), text, (secrets, length, content) => {
        const pieces = new Pieces();
        for (const secret of secrets) pieces.add(secret, secret, length);
        const found = new Set<string>();
        pieces.find(Buffer.from(content), found);
        expect([...found].sort()).toEqual([...foundSlowly(secrets, length, content)].sort());
      }),
      { numRuns: 3_000 },
    );
  });
});
