import { readParameters } from '../../../functions/origin-authorizer/parameter-store';

const sent: unknown[] = [];

jest.mock('@aws-sdk/client-ssm', () => ({
  GetParametersCommand: class {
    constructor(readonly input: { readonly Names: readonly string[] }) {}
  },
  SSMClient: class {
    send({ input }: { readonly input: { readonly Names: readonly string[] } }) {
      sent.push(input);
      const found = input.Names.filter((name) => name !== '/gone');
      return Promise.resolve({ Parameters: found.map((name) => ({ Value: `value of ${name}` })) });
    }
  },
}));

test('reads parameters with decryption, ten at a time, and skips missing ones', async () => {
  const names = [...Array.from({ length: 10 }, (_, index) => `/key-${index}`), '/gone', '/last'];
  const values = await readParameters(names);
  expect(values).toEqual([...names.slice(0, 10), '/last'].map((name) => `value of ${name}`));
  expect(sent).toEqual([
    { Names: names.slice(0, 10), WithDecryption: true },
    { Names: ['/gone', '/last'], WithDecryption: true },
  ]);
});
