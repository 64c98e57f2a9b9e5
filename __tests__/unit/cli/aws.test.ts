import { openAccount } from '../../../cli/aws';

const before = process.env;
afterEach(() => {
  process.env = before;
});

function shellAt(endpoint: string): NodeJS.ProcessEnv {
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PROFILE: undefined,
  };
  return process.env;
}

describe('the error about credentials that AWS does not accept', () => {
  it('names a local cloud that has ended, if the shell points to one', async () => {
    await expect(openAccount(shellAt('http://127.0.0.1:4'))).rejects.toThrow(
      /^this shell points at a local cloud at http:\/\/127\.0\.0\.1:4, .*ECONNREFUSED.*: npm run local, .*--unset\)"$/,
    );
  });

  it('says how to sign in to AWS', async () => {
    await expect(openAccount(shellAt('https://127.0.0.1:4'))).rejects.toThrow(
      /^AWS did not say whose credentials these are \(.*ECONNREFUSED.*aws sso login/,
    );
  });
});
