import { createServer, type Server } from 'node:http';
import { openAccount } from '../../../cli/aws';

/** The number of requests that AWS still refuses because of throttling. */
let refused = 0;
let asked = 0;
let server: Server;
const before = process.env;

beforeAll(async () => {
  server = createServer((_, response) => {
    asked += 1;
    const throttled = asked <= refused;
    response.writeHead(throttled ? 400 : 200, { 'content-type': 'text/xml' });
    response.end(
      throttled
        ? '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'
        : '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ann</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PROFILE: undefined,
    KAIROS_AWS_ACCOUNT_ID: '111122223333',
  };
});
beforeEach(() => {
  asked = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => {
  process.env = before;
  server.close();
});

describe('a call that AWS throttles', () => {
  it('is retried after a pause of random length', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    refused = 3;
    expect(await openAccount(process.env)).toMatchObject({
      caller: 'user/ann',
      // The options with which every client of every command is created.
      clientOptions: { maxAttempts: 4 },
    });
    expect(asked).toBe(4);
    expect(random).toHaveBeenCalled();
  });

  it('fails after four attempts, with a message for a person', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    refused = 99;
    await expect(openAccount(process.env)).rejects.toThrow(/Throttling .*Rate exceeded/);
    expect(asked).toBe(4);
  });
});
