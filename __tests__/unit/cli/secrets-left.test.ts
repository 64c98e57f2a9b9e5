import { secretsLeft } from '../../../cli/secrets/left';

const set = { name: 'SECRET_KEY', version: 2, isSet: true } as const;
const placeholder = { name: 'MONGO_HOST', version: 1, isSet: false } as const;
const missing = { name: 'RESEND_API_KEY', isSet: false } as const;

describe('the next step for secrets', () => {
  it('is none if all are set', () => {
    expect(secretsLeft('dev', [set], 'kairos-foundation')).toBeUndefined();
  });

  it('is to set those with the placeholder', () => {
    expect(secretsLeft('dev', [set, placeholder], 'kairos-foundation')).toEqual({
      found: 'unset: MONGO_HOST',
      next: 'npx kairos secrets set dev MONGO_HOST',
    });
  });

  it('is the foundation, if one has no parameter', () => {
    expect(secretsLeft('dev', [set, placeholder, missing], 'kairos-foundation-dev')).toEqual({
      found: 'no parameter for RESEND_API_KEY',
      next: 'npx cdktf deploy kairos-foundation-dev',
    });
  });
});
