import * as fc from 'fast-check';
import { secretNames } from '../../../config/names';
import { parseSecretName, storedValue, storedValues } from '../../../cli/secrets/rules';

describe('a secret value', () => {
  it.each([
    ['SECRET_KEY', 'changethis', 'the placeholder of the backend'],
    ['SECRET_KEY', 'ChangeThis', 'the placeholder of the backend'],
    ['SECRET_KEY', 'x'.repeat(31), 'has 31 characters'],
    ['MONGO_HOST', 'mongodb+srv://cluster0.mongodb.net', 'not a bare DNS name'],
    ['MONGO_HOST', 'cluster0.mongodb.net:27017', 'not a bare DNS name'],
    ['MONGO_HOST', 'cluster0.mongodb.net/kairos', 'not a bare DNS name'],
    ['MONGO_HOST', '10.0.0.1', 'not a bare DNS name'],
    ['MONGO_HOST', 'localhost', 'not a bare DNS name'],
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
    ['RESEND_API_KEY', 'KEY=value:x'],
    ['SECRET_KEY', `${'x'.repeat(32)} SECRET KEY=`],
  ] as const)('%s accepts %s unchanged', (name, value) => {
    expect(storedValue(name, value)).toBe(value);
  });

  it.each([
    ['p@/:x', 'p%40%2F%3Ax'],
    ['100% sure', '100%25%20sure'],
    ['plain', 'plain'],
  ])('is percent-encoded once for the database URI: %s', (given, stored) => {
    expect(storedValue('MONGO_PASSWORD', given)).toBe(stored);
  });

  it.each([
    ['raw', '100%25', '100%2525'],
    ['encoded', '100%25', '100%25'],
    ['encoded', 'p%40%2F%3Ax', 'p%40%2F%3Ax'],
    ['raw', 'p@ss', 'p%40ss'],
  ] as const)('given as %s, %s is stored as %s', (encoding, given, stored) => {
    expect(storedValue('MONGO_PASSWORD', given, encoding)).toBe(stored);
  });

  it.each([
    [undefined, '100%25', 'add --raw, or --encoded'],
    ['encoded', 'p@ss', 'is not percent-encoded'],
    ['encoded', '100%', 'is not percent-encoded'],
    ['encoded', 'p+ss', 'is not percent-encoded'],
    ['encoded', '%FF', 'not UTF-8'],
    ['raw', '%'.repeat(1366), '4098 bytes'],
  ] as const)('given as %s, %s is refused', (encoding, given, reason) => {
    expect(() => storedValue('MONGO_USERNAME', given, encoding)).toThrow(reason);
  });

  it.each([
    ['SECRET_KEY', `SECRET_KEY=${'x'.repeat(64)}`, 'begins with "SECRET_KEY="'],
    ['SECRET_KEY', `export SECRET_KEY=${'x'.repeat(64)}`, 'begins with "SECRET_KEY="'],
    ['MONGO_USERNAME', 'MONGO_PASSWORD=x', 'begins with "MONGO_PASSWORD="'],
    ['API_KEY_A', `API_KEY_B = ${'x'.repeat(64)}`, 'begins with "API_KEY_B="'],
    ['SECRET_KEY', `set SECRET_KEY=${'x'.repeat(64)}`, 'begins with "SECRET_KEY="'],
    ['SECRET_KEY', `$env:SECRET_KEY = "${'x'.repeat(64)}"`, 'begins with "SECRET_KEY="'],
    ['SECRET_KEY', `secret_key=${'x'.repeat(64)}`, 'begins with "secret_key="'],
    ['SECRET_KEY', `SECRET_KEY: ${'x'.repeat(64)}`, 'begins with "SECRET_KEY:"'],
    ['SECRET_KEY', `{"SECRET_KEY": "${'x'.repeat(64)}"}`, 'begins with "SECRET_KEY:"'],
    ['MONGO_PASSWORD', '"MONGO_PASSWORD":"x",', 'begins with "MONGO_PASSWORD:"'],
    ['SECRET_KEY', `${'x'.repeat(40)}\u200b`, 'invisible character U+200B'],
    ['SECRET_KEY', `\ufeff${'x'.repeat(40)}`, 'invisible character U+FEFF'],
    ['RESEND_API_KEY', 're_\u00ad123', 'invisible character U+00AD'],
    ['SECRET_KEY', `${'x'.repeat(64)}\nMONGO_HOST=a`, 'line break'],
    ['RESEND_API_KEY', '"re_123"', 'in quotes'],
    ['MONGO_PASSWORD', "'abc'", 'in quotes'],
    ['MONGO_PASSWORD', '`abc`', 'in quotes'],
    ['SECRET_KEY', `“${'x'.repeat(64)}”`, 'in quotes'],
    ['MONGO_PASSWORD', '‘abc’', 'in quotes'],
    ['SECRET_KEY', `${'x'.repeat(64)} MONGO_PASSWORD=abc`, 'has the name MONGO_PASSWORD in it'],
    ['MONGO_PASSWORD', 'abc  RESEND_API_KEY="re_1"', 'has the name RESEND_API_KEY in it'],
    ['SECRET_KEY', `--from-literal=SECRET_KEY=${'x'.repeat(64)}`, 'has the name SECRET_KEY in it'],
    ['SECRET_KEY', `setenv SECRET_KEY ${'x'.repeat(64)}`, 'has the name SECRET_KEY in it'],
    ['SECRET_KEY', `KAIROS_SECRET_KEY=${'x'.repeat(64)}`, 'has the name SECRET_KEY in it'],
    ['SECRET_KEY', `name: SECRET_KEY, value: ${'x'.repeat(64)}`, 'has the name SECRET_KEY in it'],
    ['SECRET_KEY', `<SECRET_KEY>${'x'.repeat(64)}</SECRET_KEY>`, 'has the name SECRET_KEY in it'],
    ['SECRET_KEY', `os.environ["SECRET_KEY"] = "${'x'.repeat(64)}"`, 'has the name SECRET_KEY in it'],
    ['API_KEY_A', `kv API_KEY_B_2 ${'x'.repeat(64)}`, 'has the name API_KEY_B_2 in it'],
  ] as const)('%s refuses a line of a dotenv file', (name, value, reason) => {
    expect(() => storedValue(name, value)).toThrow(reason);
  });

  it.each([
    ['SECRET_KEY', 'encrypted:BDb7t3QkTRp2dGhpcyBpcyBub3QgcmVhbA==', 'dotenvx decrypt'],
    ['MONGO_PASSWORD', 'op://Private/kairos/password', 'op inject'],
    ['SECRET_KEY', 'ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]', 'sops decrypt'],
    ['MONGO_PASSWORD', 'ref+vault://secret/kairos#/password', 'vals eval'],
    ['MONGO_PASSWORD', 'vault:secret/data/kairos#PASSWORD', 'Bank-Vaults'],
    ['RESEND_API_KEY', '${{ secrets.RESEND_API_KEY }}', 'a workflow of GitHub'],
    ['SECRET_KEY', '{{resolve:secretsmanager:kairos:SecretString:key}}', 'CloudFormation'],
    ['SECRET_KEY', 'arn:aws:secretsmanager:eu-west-2:123456789012:secret:kairos', 'AWS'],
    ['SECRET_KEY', '$(openssl rand -hex 32 | tr -d "\\n")', 'a shell'],
    ['MONGO_PASSWORD', '<db_password>', 'a placeholder'],
    ['SECRET_KEY', '<your key, as openssl rand -hex 32 makes it>'.replace(',', ''), 'a placeholder'],
    ['RESEND_API_KEY', 're_xxxxxxxxx', 'a placeholder'],
    ['SECRET_KEY', 'your-secret-key-keep-it-safe-and-out-of-git', 'that others know'],
    ['SECRET_KEY', 'changeme-changeme-changeme-changeme', 'that others know'],
    ['SECRET_KEY', `09d25e094faa${'6c'.repeat(26)}`, 'that others know'],
  ] as const)('%s refuses %s, which only stands for a value', (name, value, reason) => {
    const refused = expect(() => storedValue(name, value));
    refused.toThrow(reason);
    refused.not.toThrow(value);
  });

  it.each([
    ['RESEND_API_KEY', 'Bearer re_123'],
    ['RESEND_API_KEY', 're_123‐456'],
    ['API_KEY_PARTNER', `kéy-${'x'.repeat(20)}`],
  ] as const)('%s refuses %s, which cannot be a key in a header', (name, value) => {
    expect(() => storedValue(name, value)).toThrow('copy only the key');
  });

  it.each(['op:/x', 'encrypted', '<a', 'a>b<c', '$(x', 'ENC', 'arn:aws', '<a.b>', 'vault:x', 'x A=b'])(
    'is accepted as a password: %s',
    (given) => {
      expect(decodeURIComponent(storedValue('MONGO_PASSWORD', given))).toBe(given);
    },
  );

  it('is always valid in a URI, and encoding it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), (given) => {
        fc.pre(
          given.trim() === given &&
            given !== '' &&
            !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^["'`“”„‟‘’‚‛«»<]/u.test(given),
        );
        const stored = storedValue('MONGO_PASSWORD', given, 'raw');
        expect(decodeURIComponent(stored)).toBe(given);
        expect(new URL(`mongodb+srv://user:${stored}@host.example`).hostname).toBe('host.example');
        expect(storedValue('MONGO_PASSWORD', stored, 'encoded')).toBe(stored);
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

describe('several secrets together', () => {
  it('are all refused if one is wrong, with every reason', () => {
    const given = new Map([
      ['MONGO_USERNAME', 'me'],
      ['MONGO_PASSWORD', '100%25'],
      ['MONGO_HOST', 'localhost'],
    ] as const);
    expect(() => storedValues(given)).toThrow(
      /^nothing was written: MONGO_PASSWORD is ambiguous[^]*\n {2}MONGO_HOST is not a bare DNS name/,
    );
  });
});

describe('the name of a secret', () => {
  it('is one of the known names', () => {
    expect(parseSecretName('SECRET_KEY')).toBe('SECRET_KEY');
    expect(parseSecretName('API_KEY_PARTNER')).toBe('API_KEY_PARTNER');
  });

  it('is refused with a list of the known names', () => {
    expect(() => parseSecretName('SECRET')).toThrow(
      'there is no secret "SECRET"; the secrets are SECRET_KEY, MONGO_USERNAME',
    );
  });

  it.each(['SECRET_KEY=0123456789', 'p@ssword', 'f00ba4', 'ABCDEFGHIJKLMNOP'])(
    'does not show %s, which may be a value',
    (text) => {
      const refused = expect(() => parseSecretName(text));
      refused.toThrow('a value is never an argument');
      refused.not.toThrow(text);
    },
  );
});
