import * as fc from 'fast-check';
import { secretNames } from '../../../config/names';
import { parseSecretName, storedValue } from '../../../cli/secrets/rules';

describe('a secret that is stored', () => {
  it.each([
    ['SECRET_KEY', 'changethis', 'the placeholder of the backend'],
    ['SECRET_KEY', 'ChangeThis', 'the placeholder of the backend'],
    ['SECRET_KEY', 'x'.repeat(31), 'has 31 characters'],
    ['MONGO_HOST', 'mongodb+srv://cluster0.mongodb.net', 'no bare DNS name'],
    ['MONGO_HOST', 'cluster0.mongodb.net:27017', 'no bare DNS name'],
    ['MONGO_HOST', 'cluster0.mongodb.net/kairos', 'no bare DNS name'],
    ['MONGO_HOST', '10.0.0.1', 'no bare DNS name'],
    ['MONGO_HOST', 'localhost', 'no bare DNS name'],
    ['RESEND_API_KEY', '', 'is empty'],
    ['API_KEY_PARTNER', 'x'.repeat(19), '20 characters or more'],
    ['API_KEY_PARTNER', `${'x'.repeat(20)},y`, 'no comma'],
    ['MONGO_USERNAME', '  ', 'is empty'],
    ['MONGO_PASSWORD', ' secret', 'white space'],
    ['RESEND_API_KEY', 'x'.repeat(4097), '4096 bytes'],
  ] as const)('%s refuses "%s"', (name, value, reason) => {
    expect(() => storedValue(name, value)).toThrow(reason);
  });

  it.each([
    ['SECRET_KEY', 'x'.repeat(32)],
    ['MONGO_HOST', 'cluster0.ab1cd.mongodb.net'],
    ['RESEND_API_KEY', 're_123'],
    ['API_KEY_PARTNER', 'x'.repeat(20)],
  ] as const)('%s admits %s as it is', (name, value) => {
    expect(storedValue(name, value)).toBe(value);
  });

  it.each([
    ['p@/:x', 'p%40%2F%3Ax'],
    ['p%40%2F%3Ax', 'p%40%2F%3Ax'],
    ['100% sure', '100%25%20sure'],
    ['plain', 'plain'],
  ])('is percent-encoded once for the database URI: %s', (given, stored) => {
    expect(storedValue('MONGO_PASSWORD', given)).toBe(stored);
  });

  it('stands in a URI whatever it is, and encoding it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), (given) => {
        fc.pre(given.trim() === given && given !== '' && !given.includes('%'));
        const stored = storedValue('MONGO_PASSWORD', given);
        expect(decodeURIComponent(stored)).toBe(given);
        expect(new URL(`mongodb+srv://user:${stored}@host.example`).hostname).toBe('host.example');
        expect(storedValue('MONGO_PASSWORD', stored)).toBe(stored);
      }),
    );
  });

  it('is never shown by an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...secretNames), fc.stringMatching(/^ ?[!-~]{8,40}$/), (name, value) => {
        fc.pre(!'SECRET_KEY MONGO_HOST cluster0.mongodb.net openssl rand -hex 32'.includes(value.trim()));
        try {
          storedValue(name, value);
        } catch (error) {
          expect(String(error)).not.toContain(value.trim());
        }
      }),
    );
  });
});

describe('the name of a secret', () => {
  it('is one of the known', () => {
    expect(parseSecretName('SECRET_KEY')).toBe('SECRET_KEY');
    expect(parseSecretName('API_KEY_PARTNER')).toBe('API_KEY_PARTNER');
  });

  it('is refused with the list of them', () => {
    expect(() => parseSecretName('SECRET')).toThrow(
      'there is no secret "SECRET"; the secrets are SECRET_KEY, MONGO_USERNAME',
    );
  });
});
