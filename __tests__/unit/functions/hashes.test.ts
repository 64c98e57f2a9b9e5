import { hashOf, isOneOf } from '../../../functions/origin-authorizer/hashes';

describe('a value is admitted', () => {
  const admitted = ['first', 'second'].map(hashOf);

  test.each(['first', 'second'])('if it is %s', (value) => {
    expect(isOneOf(value, admitted)).toBe(true);
  });

  test.each(['third', 'first,second', ''])('but not if it is "%s"', (value) => {
    expect(isOneOf(value, admitted)).toBe(false);
  });

  test('never if it is empty, even if the hash of an empty value was configured', () => {
    expect(isOneOf('', [hashOf('')])).toBe(false);
  });

  test('never if it is too long: it is not even hashed', () => {
    const long = 'x'.repeat(257);
    expect(isOneOf(long, [hashOf(long)])).toBe(false);
    expect(isOneOf(long.slice(1), [hashOf(long.slice(1))])).toBe(true);
  });
});
