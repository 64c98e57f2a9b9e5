import { UserError } from '../../../../errors';
import { type Check, ok, result, wrongBy } from '../../../../cli/doctor/check';

const check = (run: Check['run']): Check => ({ id: 'a', title: 'A', run });

describe('the result of a check', () => {
  it('has an id, a title and a finding', async () => {
    expect(await result(check(() => Promise.resolve(ok('there'))))).toEqual({
      id: 'a',
      title: 'A',
      state: 'ok',
      found: 'there',
    });
  });

  it('is unknown if the check failed, with the reason in words', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', address: '1.2.3.4' });
    expect(await result(check(() => Promise.reject(refused)))).toMatchObject({
      state: 'unknown',
      found: 'the connection to 1.2.3.4 failed: nothing answers there (ECONNREFUSED)',
    });
  });

  it('is unknown if the check does not end', async () => {
    const hanging = check(() => new Promise(() => undefined));
    expect(await result(hanging, 20)).toMatchObject({
      state: 'unknown',
      found: 'no answer within 0.02 s',
    });
  });

  it('gets its advice from the part of an error after the semicolon', () => {
    expect(wrongBy(new UserError('it is old; install a newer one; or name it'))).toEqual({
      state: 'wrong',
      found: 'it is old',
      advice: 'install a newer one; or name it',
    });
  });
});
