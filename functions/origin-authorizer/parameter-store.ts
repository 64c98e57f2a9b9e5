import type { SSMClient } from '@aws-sdk/client-ssm';
import type { ReadParameters } from './api-keys';

/**
 * The maximum of `GetParameters`:
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
const mostNames = 10;

let client: SSMClient | undefined;

/** Created on first use, because without API keys the function does not need it. */
function loadSdk(): typeof import('@aws-sdk/client-ssm') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the runtime has the SDK where `require` looks
  return require('@aws-sdk/client-ssm') as typeof import('@aws-sdk/client-ssm');
}

/** Reads parameters by name. */
export const readParameters: ReadParameters = async (names) => {
  const { GetParametersCommand, SSMClient: Client } = loadSdk();
  client ??= new Client({ maxAttempts: 2, requestHandler: { connectionTimeout: 500, requestTimeout: 1500 } });
  const values: string[] = [];
  for (let start = 0; start < names.length; start += mostNames) {
    const { Parameters: parameters = [] } = await client.send(
      new GetParametersCommand({ Names: names.slice(start, start + mostNames), WithDecryption: true }),
    );
    values.push(...parameters.flatMap(({ Value: value }) => (value === undefined ? [] : [value])));
  }
  return values;
};
