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
  it('is told once of a document, with its version, address and hash', async () => {
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

  it('is not told of the document that it knows, however it is written', async () => {
    expect(await tell(await api({}, 2), await api())).toBe(false);
    expect(fake.dispatches).toEqual([]);
  });

  it('is told of what it knows when somebody asks for it', async () => {
    expect(await tell(await api(), await api(), true)).toBe(true);
  });

  it('is told of a document with another path', async () => {
    expect(await tell(await api({ paths: { '/b': {} } }), await api())).toBe(true);
  });

  it('is not told by a token that may not: GitHub says that it is not there', async () => {
    const now = await api();
    const options = { repository: 'findkairos/other', now, always: false };
    await expect(tellClient(github, options)).rejects.toThrow('GitHub refused POST /dispatches (HTTP 404)');
  });
});

describe('an API', () => {
  it.each([
    ['that is down', { status: 503, text: JSON.stringify(document) }],
    ['that answers with a page', { text: '<html>' }],
    ['whose document has no paths', { text: '{"info":{"version":"1"}}' }],
  ])('%s is nothing to make a client of', async (_, answer) => {
    await expect(readApi(door(answer), url)).rejects.toThrow(
      /returned no OpenAPI document \(HTTP (200|503)\)/,
    );
  });
});

it('what was told is read as it was written, and nothing was told before the first time', async () => {
  const now = await api();
  expect(readTold(JSON.stringify(now))).toEqual(now);
  expect(readTold(undefined)).toBeUndefined();
});
