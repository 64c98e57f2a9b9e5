import { hashOf, isOneOf } from '../../../functions/origin-authorizer/hashes';

describe('a value is one of those that are admitted', () => {
  const admitted = ['first', 'second'].map(hashOf);

  test.each(['first', 'second'])('when it is %s', (value) => {
    expect(isOneOf(value, admitted)).toBe(true);
  });

  test.each(['third', 'first,second', ''])('and not when it is "%s"', (value) => {
    expect(isOneOf(value, admitted)).toBe(false);
  });

  test('never when it is empty, even where a hash of nothing was configured', () => {
    expect(isOneOf('', [hashOf('')])).toBe(false);
  });

  test('never when it is too long to be ours: it is not even hashed', () => {
    const long = 'x'.repeat(257);
    expect(isOneOf(long, [hashOf(long)])).toBe(false);
    expect(isOneOf(long.slice(1), [hashOf(long.slice(1))])).toBe(true);
  });
});
