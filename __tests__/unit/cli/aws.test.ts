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

describe('credentials that nobody confirms', () => {
  it('are those of a local cloud that has ended, where the shell points at one', async () => {
    await expect(openAccount(shellAt('http://127.0.0.1:4'))).rejects.toThrow(
      /^this shell points at a local cloud at http:\/\/127\.0\.0\.1:4, .*ECONNREFUSED.*: npm run local, .*--unset\)"$/,
    );
  });

  it('are to be had by signing in elsewhere', async () => {
    await expect(openAccount(shellAt('https://127.0.0.1:4'))).rejects.toThrow(
      /^AWS did not say whose credentials these are \(.*ECONNREFUSED.*aws sso login/,
    );
  });
});
