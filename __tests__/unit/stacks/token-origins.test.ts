import { Lazy } from 'cdktf';
import { withoutTokenOrigins } from '../../../stacks/token-origins';

const token = () => Lazy.anyValue({ produce: () => 1 });

describe('a token', () => {
  it('has no origin', () => {
    expect(withoutTokenOrigins(token).creationStack).toEqual([]);
  });

  it('has its origin again after that, even if the work failed', () => {
    const failing = () => {
      throw new Error('the work failed');
    };
    expect(() => withoutTokenOrigins(failing)).toThrow('the work failed');
    expect(token().creationStack.join('\n')).toContain('token-origins.test');
  });
});

describe('an error', () => {
  function stackOf(): string {
    return new Error('wrong').stack ?? '';
  }

  it('has the same stack trace as outside', () => {
    const [first, second] = withoutTokenOrigins(stackOf).split('\n');
    expect(first).toBe('Error: wrong');
    expect(second).toContain('at stackOf (');
  });

  it('is formatted by what formats the others', () => {
    const formatted = jest.replaceProperty(
      Error,
      'prepareStackTrace',
      (error) => `formatted: ${String(error)}`,
    );
    const stack = withoutTokenOrigins(stackOf);
    formatted.restore();
    expect(stack).toBe('formatted: Error: wrong');
  });
});
