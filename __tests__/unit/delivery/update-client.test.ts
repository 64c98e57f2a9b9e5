import { readApi, readTold, tellClient, type ToldClient } from '../../../cli/pipeline/client';
import type { GitHub } from '../../../cli/pipeline/github';
import type { DoorAnswer } from '../../../cli/smoke/door';
import { FakeGitHub } from '../../support/fake-github';

const clients = 'findkairos/kairos-api-client-ts';
const url = 'https://api.example';
const document = { openapi: '3.1.0', info: { title: 'Kairos', version: '1.4.0' }, paths: { '/a': {} } };

function door(answer: Partial<DoorAnswer>) {
  return {
    get: (address: string): Promise<DoorAnswer> =>
      Promise.resolve({ address, status: 200, text: '', milliseconds: 1, tries: 1, ...answer }),
  };
}

function api(changed: object = {}, space = 0): Promise<ToldClient> {
  return readApi(door({ text: JSON.stringify({ ...document, ...changed }, undefined, space) }), url);
}

let fake: FakeGitHub;
let github: GitHub;

beforeEach(async () => {
  fake = new FakeGitHub({}, undefined, [clients]);
  github = await fake.start();
});

afterEach(() => {
  fake.stop();
});

function tell(now: ToldClient, told?: ToldClient, always = false): Promise<boolean> {
  return tellClient(github, { repository: clients, now, told, always });
}

describe("the clients' repository", () => {
  it('is notified of a document once, with its version, address and hash', async () => {
    const now = await api();
    expect(await tell(now)).toBe(true);
    expect(fake.dispatches).toEqual([
      {
        to: clients,
        event_type: 'update-client',
        client_payload: {
          version: '1.4.0',
          url,
          openapi_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        },
      },
    ]);
  });

  it('is not notified of the same document, however it is formatted', async () => {
    expect(await tell(await api({}, 2), await api())).toBe(false);
    expect(fake.dispatches).toEqual([]);
  });

  it('is notified again if requested', async () => {
    expect(await tell(await api(), await api(), true)).toBe(true);
  });

  it('is notified of a document with another path', async () => {
    expect(await tell(await api({ paths: { '/b': {} } }), await api())).toBe(true);
  });

  it('is not notified with a token without permission: GitHub answers that it does not exist', async () => {
    const now = await api();
    const options = { repository: 'findkairos/other', now, always: false };
    await expect(tellClient(github, options)).rejects.toThrow('GitHub refused POST /dispatches (HTTP 404)');
  });
});

describe('an API document', () => {
  it.each([
    ['that is down', { status: 503, text: JSON.stringify(document) }],
    ['that answers with an HTML page', { text: '<html>' }],
    ['whose document has no paths', { text: '{"info":{"version":"1"}}' }],
  ])('%s cannot be used for a client', async (_, answer) => {
    await expect(readApi(door(answer), url)).rejects.toThrow(
      /returned no OpenAPI document \(HTTP (200|503)\)/,
    );
  });
});

it('the record of a notification is read as it was written, and is empty before the first one', async () => {
  const now = await api();
  expect(readTold(JSON.stringify(now))).toEqual(now);
  expect(readTold(undefined)).toBeUndefined();
});
